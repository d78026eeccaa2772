# The sign-in page

sign-in = Iniciar sesión
sign-in-to = Iniciar sesión en { $client }
user-name = Nombre de usuario
password = Contraseña
sign-in-no-match = El nombre de usuario y la contraseña no coinciden.
sign-in-confirm = Confirme que es usted antes de cambiar su cuenta.
sign-in-wait =
    { $seconds ->
        [one] Demasiados intentos. Espere un segundo o use su clave de acceso.
       *[other] Demasiados intentos. Espere { $seconds } segundos o use su clave de acceso.
    }
wait =
    { $seconds ->
        [one] Demasiados intentos. Espere un segundo e inténtelo de nuevo.
       *[other] Demasiados intentos. Espere { $seconds } segundos e inténtelo de nuevo.
    }

# A code of the authenticator

code-title = Introduzca su código
code-intro = Abra su aplicación de autenticación y escriba los seis dígitos que muestra para { $account }.
code-label = Código de seis dígitos
code-hint = Cada 30 segundos aparece un código nuevo.
code-wrong = Ese código no es correcto o ya se ha usado. Espere al siguiente.
code-paused = Demasiados códigos erróneos. Este segundo paso está en pausa: elija una contraseña nueva con el enlace que le enviamos y continúe después.
code-start-over = Iniciar sesión con otra cuenta

# A recovery code

recovery-page-title = Código de recuperación
recovery-title = Use un código de recuperación
recovery-intro = Escriba uno de los códigos que guardó al configurar su aplicación de autenticación. Cada uno sirve una sola vez.
recovery-left =
    { $count ->
        [0] No le queda ninguno.
        [one] Le queda uno.
       *[other] Le quedan { $count }.
    }
recovery-label = Código de recuperación
recovery-hint = No importan las mayúsculas, los espacios ni los guiones.
recovery-wrong = Ese código no es correcto o ya se ha usado. Pruebe con otro.

# Enrolling an authenticator

enrol-title = Configure su aplicación de autenticación
enrol-why-account = Su cuenta necesita un segundo paso.
enrol-why-administrator = Un administrador inicia sesión con una contraseña y un segundo paso.
enrol-scan = Escanee la imagen con una aplicación de autenticación como Google Authenticator, 1Password o Aegis.
enrol-picture = Código QR para su aplicación de autenticación
enrol-cannot-scan = ¿No puede escanearla? Escriba la clave
enrol-copy-key = Copiar la clave
enrol-key-facts = Cuenta { $account }, basada en la hora, seis dígitos.
enrol-code-label = Código de la aplicación
enrol-code-hint = Escriba los seis dígitos que muestra ahora la aplicación, para comprobar que funciona.
enrol-confirm = Confirmar
enrol-wrong = Ese código no es correcto. Compruebe que el reloj de su dispositivo se ajusta automáticamente.

# The recovery codes, shown once

codes-page-title = Sus códigos de recuperación
codes-title = Guarde sus códigos de recuperación
codes-intro = Si pierde el teléfono, podrá iniciar sesión con uno de estos códigos. Cada uno sirve una sola vez. Solo se muestran ahora.
codes-download = Descargar
codes-file = codigos-de-recuperacion.txt
codes-print = Imprimir
codes-copy = Copiar
codes-stored = Los he guardado en un lugar seguro

# Allowing an application

consent-page-title = ¿Permitir { $client }?
consent-title = ¿Permitir que { $client } use su cuenta?
consent-account = Ha iniciado sesión como { $account }. La aplicación podrá:
consent-sensitive = Piénselo bien: este permiso es muy amplio.
consent-lasting = La aplicación conserva este acceso después de que cierre sesión, hasta que se retire.
consent-session = Este acceso termina cuando cierra sesión.
consent-no-host = una aplicación en este dispositivo
consent-links = De { $client }:
allow = Permitir
deny = Denegar
scope-openid = Saber quién es usted aquí
scope-profile = Ver su nombre y su perfil
scope-email = Ver su dirección de correo electrónico
scope-phone = Ver su número de teléfono
scope-address = Ver su dirección postal
scope-offline = Mantener el acceso cuando usted no está

# Signing out

sign-out = Cerrar sesión
sign-out-title = ¿Cerrar sesión?
sign-out-asked = { $client } solicita cerrar su sesión.
sign-out-account = Ha iniciado sesión como { $account }.
sign-out-effect = Las aplicaciones que usan esta sesión volverán a preguntar.
sign-out-stay = Mantener la sesión
signed-out-page-title = Sesión cerrada
signed-out-title = Ha cerrado sesión
signed-out-all = Las aplicaciones que usaban esta sesión volverán a preguntarle.
signed-out-client = { $client } y otras aplicaciones que usaban esta sesión volverán a preguntarle.
signed-out-shared = En un ordenador compartido, cierre también el navegador.
still-page-title = Sesión abierta
still-title = Su sesión sigue abierta
still-text = No ha cambiado nada. Puede continuar con lo que estaba haciendo.

# On the way back to an application

back-to = Volver a { $client }
back-by-hand = Si no ocurre nada, pulse «Continuar».

# Who is not let into the console

forbidden-page-title = Solo para administradores
forbidden-title = Esta página es para administradores
forbidden-text = Ha iniciado sesión como { $account }, que no administra este servidor. Pida el rol a un administrador o inicie sesión con otra cuenta.

# An account on its way out

closed-title = Su cuenta se va a eliminar
closed-text = Se ha cerrado su sesión en todas partes. La cuenta se borrará el { $date }.
closed-do = Si cambia de opinión antes de esa fecha, inicie sesión y consérvela.
closing-title = ¿Conservar su cuenta?
closing-text = { $account } se borrará el { $date }, como usted pidió. Mientras no la conserve, nada más funcionará.
closing-keep-it = Conservar mi cuenta
closing-let-go = Dejar que se elimine y cerrar sesión

one-moment = Un momento
one-moment-why = Su navegador muestra que tiene la clave de su sesión.
unbound-title = Su sesión debe estar vinculada a este dispositivo
unbound-text = Ha iniciado sesión como { $account }. Aquí las sesiones de administración se vinculan a una clave de su dispositivo, y este navegador no ha creado ninguna.
unbound-mend = Chrome y Edge pueden hacerlo, en un equipo cuyo hardware guarde claves. Cierre la sesión y vuelva a iniciarla con un navegador así.
unbound-wait = Su sesión se está vinculando a este dispositivo.
