# Around every page of the account

account-title = Mi cuenta
account-console = Administración
account-overview = Resumen
account-profile = Perfil
account-security = Seguridad
account-sessions = Dispositivos y sesiones
account-apps = Aplicaciones conectadas
account-activity = Actividad
account-privacy = Privacidad
account-cancel = Cancelar
account-save = Guardar
account-edit = Editar
account-add = Añadir
account-manage = Gestionar
account-rename = Cambiar nombre
account-rename-this = Cambiar el nombre de { $label }
account-remove = Quitar
account-remove-this = Quitar { $label }
account-name = Nombre
account-pages = Páginas
account-pages-first = Volver al principio
account-pages-next = Página siguiente

# When: each stands before or in place of an instant

account-just-now = ahora mismo
account-minutes-ago =
    { $count ->
        [one] hace 1 minuto
       *[other] hace { $count } minutos
    }
account-hours-ago =
    { $count ->
        [one] hace 1 hora
       *[other] hace { $count } horas
    }
account-days-ago =
    { $count ->
        [one] hace 1 día
       *[other] hace { $count } días
    }
account-hours =
    { $count ->
        [one] 1 hora
       *[other] { $count } horas
    }
account-days =
    { $count ->
        [one] 1 día
       *[other] { $count } días
    }
account-since = conectada:
account-added = añadida:
account-last-used = último uso:
account-never-used = nunca usada

# Browsers by themselves and in the middle of a sentence

account-browser = { $browser } en { $system }
account-browser-on = Navegador desconocido en { $system }
account-browser-on-within = Navegador desconocido en { $system }
account-browser-unknown = Navegador desconocido
account-browser-unknown-within = Navegador desconocido

# Said after a change

account-done-profile = Se ha guardado su perfil.
account-done-added = Se ha añadido su aplicación de autenticación.
account-done-key-added = Se ha añadido su clave.
account-done-renamed = Se ha guardado el nuevo nombre.
account-done-removed = Se ha quitado. Se ha cerrado su sesión en todos los demás lugares.
account-done-codes = Sus nuevos códigos de recuperación ya son válidos. Los anteriores ya no funcionan.
account-done-session = Esa sesión ha terminado.
account-done-sessions = Se ha cerrado su sesión en todos los demás lugares.
account-done-disowned = Se han cerrado esa sesión, todas las demás y sus aplicaciones.
account-done-device-removed = Ese dispositivo se ha quitado, con todo lo que estaba vinculado a él.
account-done-app = La aplicación ya no tiene acceso.
account-done-kept = Su cuenta se conserva.
account-done-password = Se ha cambiado su contraseña. Se ha cerrado su sesión en todos los demás lugares.

# Why a change was not made

account-problem-ten = Tiene diez aplicaciones de autenticación. Quite una primero.
account-problem-needed = Su cuenta debe tener un segundo paso. Añada otro y después quite este.
account-problem-needed-device = Su cuenta debe tener un segundo paso, y el único se creó en este dispositivo. Añada otro y después quite este.
account-problem-codes = Los códigos de recuperación sustituyen a un segundo paso. Añada uno primero.
account-problem-confirm = Ese no es su nombre de usuario. Escríbalo tal como se muestra.
account-problem-last = Usted es el último administrador. Nombre primero a otro.
account-problem-this-session = Esta es la sesión en la que se encuentra.
account-problem-label = Es demasiado largo o no es texto. Use como máximo 64 caracteres.
account-problem-label-empty = Falta el nombre. Elija uno con el que reconozca la clave.
account-problem-long = Es demasiado largo. Use como máximo 128 caracteres.
account-problem-invisible = Contiene caracteres que nadie puede ver. Escríbalo de nuevo.
account-problem-language = Elija uno de los idiomas ofrecidos.
account-problem-zone = Escriba la zona horaria como Europe/Berlin, Asia/Tokyo o UTC.
account-problem-phone = Escriba el número de teléfono con el prefijo del país, por ejemplo +49 30 1234567.

# The overview

account-unconfirmed = Sin confirmar
account-safe = Su cuenta está bien protegida
account-safe-how = No hay nada que hacer. Vuelva de vez en cuando para ver dónde tiene la sesión iniciada.
account-safer =
    { $count ->
        [one] Una cosa haría su cuenta más segura
       *[other] { $count } cosas harían su cuenta más segura
    }
account-made = Cuenta creada:
account-sign-in-as = Inicia sesión como { $account }
account-advice-passkey = Añada una clave de acceso
account-advice-passkey-why = Inicia sesión con su huella, su rostro o el PIN de su dispositivo, y nadie puede engañarle para que la entregue.
account-advice-second = Añada un segundo paso
account-advice-second-why = Una contraseña sola se puede robar. Una aplicación de autenticación en su teléfono detiene a quien la tenga.
account-advice-second-link = Añadir una aplicación
account-advice-codes = Cree códigos de recuperación
account-advice-codes-why = No le queda ninguno. Sin ellos, perder el teléfono significa perder la cuenta.
account-advice-few = Renueve sus códigos de recuperación
account-advice-few-why = Quedan pocos. Los nuevos los sustituyen a todos.
account-advice-email = Confirme su dirección de correo
account-advice-email-why = No hemos comprobado que la dirección sea suya, así que no podemos ayudarle por correo.
account-advice-email-link = Ver su perfil

# The profile

account-profile-lead = Lo que las aplicaciones saben de usted cuando les permite ver su perfil.
account-profile-about = Acerca de usted
account-profile-sign-in = Inicio de sesión
account-profile-others = Definido por su organización
account-profile-others-hint = Solo un administrador puede cambiar estos datos.
account-profile-edit = Editar su perfil
account-profile-optional = Aquí todo es opcional.
account-not-set = Sin indicar
account-no-email = Ninguno
account-confirmed = Confirmado
account-email = Correo electrónico
account-given-name = Nombre de pila
account-family-name = Apellidos
account-nickname = Apodo
account-phone = Teléfono
account-phone-hint = Con el prefijo del país, por ejemplo +49 30 1234567.
account-language = Idioma
account-language-none = El de mi navegador
account-zone = Zona horaria
account-zone-hint = Por ejemplo, Europe/Berlin o Asia/Tokyo.

# Security

account-security-lead = Con qué inicia sesión. Antes de cada cambio deberá confirmar de nuevo que es usted.
account-password-due = Elija una contraseña nueva.
account-password-due-why = Es posible que alguien conozca la actual.
account-password-none = No tiene ninguna: inicia sesión sin contraseña.
account-password-changed = Cambiada:
account-password-unchanged = No se ha cambiado nunca.
account-keys = Claves de acceso y de seguridad
account-keys-none = Ninguna todavía. Con una clave de acceso inicia sesión con su huella, su rostro o el PIN de su dispositivo.
account-keys-some =
    { $count ->
        [one] Tiene una.
       *[other] Tiene { $count }.
    }
account-authenticators = Aplicaciones de autenticación
account-authenticators-none = Ninguna todavía. Una aplicación en su teléfono muestra seis dígitos que escribe después de la contraseña.
account-authenticator-unnamed = Aplicación de autenticación
account-codes = Códigos de recuperación
account-codes-renew = Crear nuevos
account-codes-left =
    { $count ->
        [0] No le queda ninguno. Sin ellos, perder el teléfono significa perder la cuenta.
        [one] Queda uno. Cree nuevos pronto.
       *[other] Quedan { $count }. Cada uno le permite iniciar sesión una vez cuando haya perdido las demás formas.
    }

# Authenticators

account-authenticator-new = Añadir una aplicación de autenticación
account-authenticator-scan = Escanee la imagen con una aplicación de autenticación en su teléfono y escriba los seis dígitos que muestra.
account-authenticator-name-hint = Para que la reconozca, por ejemplo «Teléfono del trabajo». Puede quedar vacío.
account-authenticator-code-hint = Demuestra que la aplicación funciona. Cada 30 segundos aparece uno nuevo.
account-authenticator-rename = Cambiar el nombre de una aplicación de autenticación
account-rename-hint = Hasta 64 caracteres.
account-remove-title = ¿Quitar { $label }?
account-remove-elsewhere = Se cierra su sesión en todos los demás lugares, y también la de las aplicaciones conectadas allí.
account-authenticator-remove-effect = Sus códigos dejan de funcionar.

# Passkeys and security keys

account-keys-lead = Claves que solo funcionan en esta dirección, de modo que nadie puede engañarle para que las entregue.
account-keys-own = Sus claves
account-keys-impossible = La dirección de este servidor no permite a los navegadores usar claves.
account-key-synced = Clave de acceso, sincronizada entre sus dispositivos
account-key-here = Clave de acceso, solo en este dispositivo
account-key-touched = Clave de seguridad, para el segundo paso
account-key-new = Añadir una clave de acceso
account-key-new-lead = Su navegador le preguntará dónde guardarla y cómo la desbloquea. A partir de entonces su contraseña por sí sola no abrirá nada.
account-key-new-touched = Añadir una clave de seguridad
account-key-new-touched-lead = Tenga la clave a mano. La tocará después de escribir la contraseña.
account-key-new-second = Añadir una clave de seguridad para el segundo paso
account-key-name-hint = Para que la reconozca, por ejemplo «Teléfono» o «Clave azul». Si queda vacío, se llama como este navegador.
account-key-create = Crear la clave de acceso
account-key-create-touched = Añadir la clave
account-key-scripts = Las claves necesitan un navegador que ejecute scripts. Actívelos para esta página y vuelva a cargarla.
account-key-rename = Cambiar el nombre de una clave
account-key-remove-effect = Ya no podrá iniciar sesión con ella.
account-key-remove-device = Es posible que su dispositivo o su gestor de contraseñas la siga ofreciendo. Elimínela también allí.

# Recovery codes

account-codes-ask = ¿Crear nuevos códigos de recuperación?
account-codes-ask-ten = Recibe diez códigos, cada uno para un inicio de sesión cuando haya perdido las demás formas.
account-codes-ask-left =
    { $count ->
        [0] Ahora no le queda ninguno.
        [one] El que le queda deja de funcionar.
       *[other] Los { $count } que le quedan dejan de funcionar.
    }
account-codes-ask-once = Se muestran una sola vez: tenga a mano una impresora o un gestor de contraseñas.
account-codes-submit = Crear códigos nuevos
account-codes-lead = Si pierde las demás formas de iniciar sesión, podrá entrar con uno de estos códigos. Cada uno sirve una sola vez. Solo se muestran ahora.
account-codes-whose = Códigos de recuperación de { $account } en { $host }
account-codes-stored = Los he guardado

# Sessions and browsers

account-sessions-lead = Dónde tiene la sesión iniciada. Si no reconoce alguna de estas sesiones, indíquelo.
account-sessions-here = Sesiones abiertas
account-this-one = Aquí
account-session-pending = Sin terminar
account-session-from = Desde
account-session-seen = última actividad:
account-session-began = Inicio:
account-session-by = con { $factors }
account-session-end-this = Cerrar la sesión de { $device }
account-session-disown = No he sido yo
account-session-disown-this = { $device }: no he sido yo
account-session-end-title = ¿Cerrar la sesión de «{ $device }»?
account-session-end-effect = La sesión de ese navegador se cierra de inmediato, y también la de las aplicaciones conectadas en él.
account-disown-title = ¿No ha sido usted?
account-disown-effect-device = Usted indica que no ha iniciado sesión con «{ $device }».
account-disown-effect-others = Esa sesión termina de inmediato, y también todas las demás salvo esta en la que se encuentra.
account-disown-effect-apps = Las aplicaciones conectadas en cualquier otro lugar pierden el acceso.
account-disown-effect-browsers = Cualquier otro navegador se considera nuevo en su próximo inicio de sesión.
account-disown-effect-added = Se eliminan las llaves, las aplicaciones de autenticación y los códigos de recuperación añadidos desde ese inicio de sesión, también los suyos.
account-disown-effect-password = Después, elija una contraseña nueva: es posible que alguien conozca la suya.
account-others-end = Cerrar las demás sesiones
account-others-title = ¿Cerrar las demás sesiones?
account-others-effect = Aquí se mantiene su sesión. La de los demás navegadores se cierra de inmediato, y también la de las aplicaciones conectadas en ellos.
account-devices = Dispositivos
account-devices-none = Ninguno. Un dispositivo se recuerda cuando inicia sesión con él.
account-devices-why = Ya ha iniciado sesión con ellos, así que no se le avisa sobre ellos y las contraseñas incorrectas escritas en otro lugar no pueden bloquearle en ellos. Quite el que haya perdido o no use: todo lo vinculado a él termina de inmediato.
account-device-signed-in = Sesión iniciada
account-session-bound = Vinculada a este dispositivo
account-device-apps = Aplicaciones autorizadas aquí:
account-device-app-bound = Vinculada a su clave
account-device-keys = Claves de acceso creadas aquí:
account-browser-first = Primera vez:
account-browser-last = última:
account-device-remove = Quitar
account-device-remove-named = Quitar { $device }
account-device-remove-title = ¿Quitar «{ $device }»?
account-device-remove-this = Es el dispositivo que usa ahora: se cerrará su sesión.
account-device-remove-sessions = Su sesión se cierra de inmediato.
account-device-remove-apps = Lo que autorizó en él termina, también lo que funciona sin usted: { $names }.
account-device-remove-keys = Las claves de acceso creadas en él ya no abren su cuenta, dondequiera que se hayan copiado: { $names }.
account-device-remove-others = También se cierran sus sesiones en todos los demás dispositivos: alguien pudo usar esas claves en otro lugar.
account-device-remove-known = Se considerará nuevo en su próximo inicio de sesión y volverá a pedir el segundo paso.
account-factor-password = contraseña
account-factor-authenticator = aplicación de autenticación
account-factor-recovery = código de recuperación
account-factor-mailed = código por correo
account-factor-security-key = clave de seguridad
account-factor-passkey = clave de acceso
account-factor-hardware-key = clave física

# Connected apps

account-apps-lead = Dónde ha iniciado sesión con esta cuenta y qué puede hacer cada aplicación.
account-apps-none = Ninguna aplicación todavía
account-apps-none-text = Cuando inicia sesión en una aplicación con esta cuenta, aparece aquí y puede retirarle el acceso.
account-app-remove = Retirar acceso
account-app-remove-this = Retirar el acceso de { $app }
account-app-remove-title = ¿Retirar el acceso de { $app }?
account-app-remove-now = Desde este momento ya no podrá actuar en su nombre.
account-app-remove-data = Lo que haya guardado sobre usted sigue en su poder. Pida a sus responsables que lo eliminen.
account-app-remove-again = Volverá a pedirle permiso la próxima vez que inicie sesión en ella.

# Activity

account-activity-lead = Lo que ha ocurrido con su cuenta, lo más reciente primero.
account-activity-none = No hay nada aquí
account-activity-none-text = Los inicios de sesión y los cambios de su cuenta aparecen aquí.
account-activity-events = Eventos
account-event-app = Una aplicación
account-event-signed-in = Usted inició sesión
account-event-wrong-code = Alguien con su contraseña escribió un código incorrecto
account-event-wrong-key = No se aceptó una de sus claves
account-event-wrong-password = Alguien escribió una contraseña incorrecta para su cuenta
account-event-signed-out = Usted cerró sesión
account-event-app-signed-in = Usted inició sesión en { $app }
account-event-app-robbed = Se cerró la sesión de { $app }: es posible que otra persona tuviera su acceso
account-event-app-gave-back = { $app } devolvió su acceso
account-event-app-removed = Usted retiró el acceso de { $app }
account-event-profile = Usted cambió su perfil
account-event-session-ended = Usted cerró una de sus sesiones
account-event-session-ended-by-others = Un administrador cerró una de sus sesiones
account-event-disowned = Usted indicó que una sesión no era suya
account-event-others-ended = Usted cerró sesión en todos los demás lugares
account-event-all-ended = Un administrador cerró todas sus sesiones
account-event-forgotten = Usted hizo olvidar un navegador
account-event-key-added = Usted añadió una clave de acceso o de seguridad
account-event-key-refused = No se aceptó una clave que usted quería añadir
account-event-key-renamed = Usted cambió el nombre de una clave
account-event-key-removed = Usted quitó una clave de acceso o de seguridad
account-event-key-copied = Es posible que se haya copiado una de sus claves
account-event-cookies-copied = Alguien usó su sesión sin la clave de su dispositivo
account-event-factor-removed-by-others = Un administrador quitó uno de sus factores
account-event-authenticator-added = Usted añadió una aplicación de autenticación
account-event-authenticator-renamed = Usted cambió el nombre de una aplicación de autenticación
account-event-authenticator-removed = Usted quitó una aplicación de autenticación
account-event-codes = Usted creó nuevos códigos de recuperación
account-event-export = Usted descargó sus datos
account-event-closing = Usted pidió que se eliminara su cuenta
account-event-kept = Usted conservó su cuenta
account-event-made = Se creó su cuenta
account-event-changed-by-others = Un administrador cambió su cuenta
account-event-password-by-others = Un administrador estableció su contraseña
account-event-authenticator-by-others = Un administrador estableció su aplicación de autenticación
account-event-disabled = Un administrador desactivó su cuenta
account-event-enabled = Un administrador activó su cuenta
account-event-refused = Se denegó una operación
account-event-other = Otro evento: { $event }

# Privacy

account-export = Descargar sus datos
account-export-text = Todo lo que se guarda aquí sobre usted, en un archivo que los programas pueden leer: perfil, dispositivos, aplicaciones, actividad. No contiene contraseñas ni claves.
account-export-file = El archivo { $file } contiene su perfil, sus formas de iniciar sesión (pero ningún secreto), sesiones, dispositivos, aplicaciones y actividad. Guárdelo donde solo usted pueda leerlo.
account-delete = Eliminar su cuenta
account-delete-text = Se cierra de inmediato su sesión en todas partes. Durante { $grace } puede iniciar sesión y cambiar de opinión; después, la cuenta se borra.
account-delete-title = ¿Eliminar su cuenta?
account-delete-now = Se cierra de inmediato su sesión en todas partes y todas las aplicaciones pierden el acceso.
account-delete-grace = Durante { $grace } puede iniciar sesión y conservar la cuenta. Hasta entonces, nada más funciona.
account-delete-erased = Después se borra aquí todo lo relativo a usted, y nadie podrá recuperarlo.
account-delete-log = El registro de seguridad conserva lo que se hizo, con un número que no revela quién era usted.
account-delete-confirm = Escriba su nombre de usuario, { $account }, para continuar
account-delete-submit = Eliminar mi cuenta

# Password, address and trusted browsers

account-done-email-sent = Hay un enlace en camino a la nueva dirección. Será suya en cuanto lo abra.
account-done-email-proof = Hay un enlace en camino a su dirección. Ábralo para confirmar que es suya.
account-done-email-same = Esa ya es su dirección, y está confirmada.
account-done-password-only = Se ha cambiado su contraseña.
account-email-add = Añadir una dirección de correo
account-email-change = Cambiar la dirección de correo
account-email-confirm = Confirmar la dirección de correo
account-email-title = Su dirección de correo
account-email-hint-new = Enviamos un enlace a esta dirección. Será suya en cuanto abra el enlace; hasta entonces no cambia nada.
account-email-hint-proof = Enviamos un enlace a esta dirección. La actual aún no está confirmada: envíela tal como está para confirmarla.
account-email-submit = Enviar el enlace
account-change = Cambiar
account-set-one = Crear una
account-password-now = Cambiarla ahora
account-password-title = Cambiar su contraseña
account-password-current = Contraseña actual
account-password-wrong = Esa no es su contraseña actual.
account-password-new = Contraseña nueva
account-password-hint = Al menos { $count } caracteres. Unas cuantas palabras sin relación son fáciles de recordar y difíciles de adivinar.
account-password-others = Cerrar sesión en todos los demás lugares
account-password-others-hint = Los demás navegadores y las aplicaciones que se autorizaron en ellos. Déjelo marcado si alguien puede conocer la contraseña anterior.
account-password-submit = Cambiar la contraseña
account-problem-address = No es una dirección de correo; escríbala como nombre@example.com.
account-problem-no-address = El campo está vacío; indique una dirección.
account-problem-mails = Se han enviado tres correos en la última hora; inténtelo más tarde.
account-event-password-changed = Usted cambió su contraseña
account-event-password-reset = Su contraseña se estableció con un enlace de un correo
account-event-email-changed = Se cambió su dirección de correo
account-event-email-verified = Usted confirmó su dirección de correo
account-event-link-sent = Se le envió un enlace por correo
account-event-code-sent = Se le envió un código por correo
account-event-unlocked = Usted dejó entrar a un navegador con un enlace de un correo
account-event-account-disowned = Usted indicó que un cambio no era suyo
account-event-trusted = Usted confió en un navegador
account-event-put-off = Usted aplazó la configuración de un segundo paso
account-browser-trusted = No pide el segundo paso hasta el { $date }. Quítelo para terminar con eso.
