# Making the first administrator

setup-page-title = Configurar { $product }
setup-title = Cree el primer administrador
setup-intro = Esta página funciona una sola vez. Quien la complete administrará este servidor.
setup-steps = Configuración
setup-step-account = Cuenta
setup-step-authenticator = Autenticación
setup-step-recovery = Recuperación
setup-email = Correo electrónico
setup-password-hint = Al menos 8 caracteres. Unas pocas palabras sin relación son fáciles de recordar y difíciles de adivinar.
setup-name-wrong = Eso no puede ser un nombre de usuario. Use de 1 a 128 caracteres sin espacios.
setup-taken = Otra cuenta tiene este nombre de usuario o esta dirección de correo. Elija otro.
setup-email-wrong = Eso no es una dirección de correo electrónico. Escríbala como nombre@dominio.
setup-used-page-title = Enlace de configuración
setup-used-title = Este enlace de configuración ya no funciona
setup-used-text = Ya se usó o han pasado sus 15 minutos. Si todavía no hay ningún administrador, ejecute este comando en el servidor para obtener uno nuevo:
setup-copy-command = Copiar el comando
