# Why more is asked of somebody who is signed in

mfa-more = { $client } pide un inicio de sesión más seguro.
mfa-more-api = { $client } pide un inicio de sesión más seguro, para usar { $apis }.
mfa-step = Hace falta un segundo paso para { $client }.
mfa-step-api = Hace falta un segundo paso para { $client }, para usar { $apis }.
mfa-recent = { $client } pide un inicio de sesión reciente.
mfa-recent-api = { $client } pide un inicio de sesión reciente, para usar { $apis }.
mfa-choose = Elija la cuenta para { $client }.
mfa-other = { $client } espera otra cuenta.
mfa-again = Inicie sesión de nuevo para continuar.

# The ways to take the second step

mfa-way-mail = Recibir un código por correo
mfa-way-key-hint = Su huella, su cara o su PIN, o un toque
mfa-way-app-hint = Seis cifras de la aplicación
mfa-way-mail-hint = Ocho cifras, enviadas a su dirección

# A code by mail

mfa-mail-intro = Enviamos ocho cifras a { $address }. Sirven una vez, aquí, durante diez minutos.
mfa-mail-sent = Hemos enviado ocho cifras a { $address }. Sirven durante diez minutos.
mfa-mail-send = Enviar el código
mfa-mail-again = Enviar un código nuevo
mfa-mail-label = Código de ocho cifras
mfa-mail-hint = El del correo más reciente: un código anterior ya no sirve.
mfa-mail-wrong = Ese código no es correcto o ya no sirve. Busque el correo más reciente o envíe un código nuevo.
mail-code-subject = Su código de inicio de sesión para { $host }
mail-code-why = Su código para iniciar sesión en { $host }:
mail-code-digits = { $label }
mail-code-how = Sirve una vez, durante diez minutos, en la página que lo pidió. No se lo diga a nadie: nadie de { $host } se lo pedirá.
mail-code-not-you = ¿No ha sido usted? Entonces alguien conoce su contraseña: cámbiela.

# A browser that is trusted

mfa-trust =
    { $days ->
        [one] No volver a preguntar en este dispositivo durante un día
       *[other] No volver a preguntar en este dispositivo durante { $days } días
    }
mfa-trust-hint = Solo en un dispositivo que sea únicamente suyo.

# An enrolment that is put off

mfa-later = Ahora no
mfa-later-until = Puede aplazarlo hasta el { $date }. Después no podrá iniciar sesión sin ello.
