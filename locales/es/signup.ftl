# Signing up

signup-title = Crear una cuenta
signup-intro = Escriba su correo electrónico. Le enviamos un enlace con el que crea su cuenta.
signup-intro-invited = Necesita una invitación. Si tiene una y no encuentra el correo, escriba su dirección y la enviamos otra vez.
signup-sent = Un correo va de camino a la dirección que escribió. Abra el enlace para continuar.

# Making the account

join-title = Crear su cuenta
join-intro = El correo llega a { $email }.
join-hint = Al menos 15 caracteres. Unas cuantas palabras sin relación se recuerdan bien y cuesta adivinarlas.
join-other-address = Ese es otro correo electrónico. Use el suyo o un nombre sin @.
join-terms = Acepto las condiciones del servicio
join-terms-missing = Marque la casilla para continuar.
join-submit = Crear la cuenta
join-done-title = Su cuenta está lista
join-done-text = Vuelva a la aplicación de la que vino, o inicie sesión aquí.
