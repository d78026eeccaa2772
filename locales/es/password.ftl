# Where strangers tried too often

sign-in-paused = Demasiados intentos. Use un navegador en el que ya haya iniciado sesión, o reciba un enlace que autorice este.
unlock-link = Enviarme un enlace que autorice este navegador

# Asking for a mail

ask-login = Nombre de usuario o correo electrónico
ask-login-missing = Escriba su nombre de usuario o su correo electrónico.
ask-send = Enviar el enlace
ask-back = Volver al inicio de sesión
forgot-title = ¿Olvidó su contraseña?
forgot-intro = Escriba su nombre de usuario o su correo electrónico. Enviamos un enlace a la dirección de la cuenta; con él elige una contraseña nueva.
unlock-title = Iniciar sesión de todos modos
unlock-intro = Tras muchas contraseñas erróneas, los navegadores que no conocemos deben esperar. Escriba su nombre de usuario o su correo electrónico y enviamos un enlace que autoriza este navegador.
sent-title = Revise su correo
sent-text = Si existe esa cuenta, un correo va de camino a su dirección. El enlace funciona una vez, durante 15 minutos.
sent-nothing = ¿No llega nada? Mire en el correo no deseado o compruebe lo que escribió. Enviamos como máximo tres correos por hora.

# A link that opens nothing

link-dead-title = Este enlace ya no funciona
link-dead-text = Ya se usó, venció su plazo, o uno más reciente ocupó su lugar. Use siempre el correo más reciente.
link-ask-new = Pedir un enlace nuevo

# A new password

reset-title = Elegir una contraseña nueva
reset-intro = Para { $account }. Se cerrará la sesión en todos los navegadores y aplicaciones.
reset-label = Contraseña nueva
reset-hint = Unas cuantas palabras sin relación se recuerdan bien y cuesta adivinarlas: 15 caracteres o más, 8 con un segundo paso.
reset-submit = Guardar la contraseña
reset-done-title = Su contraseña ha cambiado
reset-done-text = Se cerró la sesión en todos los navegadores y aplicaciones. Inicie sesión con la contraseña nueva; su segundo paso es el mismo de antes.
weakness-published = Esta contraseña se publicó en una filtración de datos, y los atacantes la prueban. Elija una que no haya usado nunca.
weakness-same = Es la contraseña que ya tiene. Elija otra.

# A password that others may know, at the sign-in

renew-title = Elegir una contraseña nueva
renew-intro = Para { $account }. Puede que alguien conozca su contraseña, por eso no abre nada hasta que elija otra. Entonces se cerrará la sesión en los demás navegadores y aplicaciones.
renew-mail-intro = Puede que alguien conozca la contraseña de { $account }, por eso ya no abre nada. Enviamos un enlace al correo electrónico de la cuenta; con él elige una nueva.

# Pages with one button

open-verify-title = ¿Confirmar su correo electrónico?
open-verify-text = Pulse el botón para confirmar que esta dirección es suya.
open-verify-submit = Confirmar
open-verify-done = Su correo electrónico está confirmado
open-verify-then = No hay nada más que hacer.
open-address-title = ¿Usar este correo electrónico?
open-address-text = Desde ahora el correo de la cuenta { $account } llega aquí, y se puede iniciar sesión en ella con esta dirección. Continúe solo si esa cuenta es suya.
open-address-submit = Usar esta dirección
open-address-done = Su correo electrónico ha cambiado
open-address-then = Hemos avisado a la dirección que tenía antes.
open-unlock-title = ¿Autorizar este navegador?
open-unlock-text = Así podrá iniciar sesión aquí, escriban lo que escriban otros en otra parte. Continúe solo en un navegador suyo.
open-unlock-submit = Autorizar este navegador
open-unlock-done = Este navegador está autorizado
open-unlock-then = Inicie sesión con su contraseña como siempre.
open-disown-title = ¿No fue usted?
open-disown-text = Entonces cerramos al instante la sesión en todos los navegadores y aplicaciones, anulamos la contraseña, eliminamos las llaves, aplicaciones de autenticación y códigos de recuperación añadidos desde entonces y le enviamos un correo para elegir otra contraseña.
open-disown-submit = No fui yo: cerrar todas las sesiones
open-disown-done = Todas las sesiones están cerradas
open-disown-then = Su contraseña ya no vale. Un correo para elegir otra va de camino.
