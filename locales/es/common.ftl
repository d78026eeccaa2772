# Dates

date-january = enero
date-february = febrero
date-march = marzo
date-april = abril
date-may = mayo
date-june = junio
date-july = julio
date-august = agosto
date-september = septiembre
date-october = octubre
date-november = noviembre
date-december = diciembre
date-day = { $day } de { $month } de { $year }
date-moment = { $day } de { $month } de { $year }, { $clock } UTC

# On every page

skip-to-content = Ir al contenido
language-menu = Idioma
secured-by = Protegido por Portcullis
start-page = Ir a la página de inicio
continue = Continuar
copied = Copiado
copy-by-hand = Pulse Ctrl+C
show-password = Mostrar la contraseña
privacy-policy = Política de privacidad
terms-of-service = Condiciones del servicio
help = Ayuda
problem = Hay un problema

# Why a new password is refused

weakness-short = Use al menos { $count } caracteres. Unas pocas palabras seguidas son fáciles de recordar.
weakness-long = Use como máximo 128 caracteres.
weakness-control = No use caracteres de control, como saltos de línea o tabulaciones.
weakness-common = Esta contraseña es una de las más comunes. Elija palabras que otros no elijan.
weakness-product = Esta contraseña es casi solo el nombre de este servicio. Elija palabras que no tengan nada que ver con él.
weakness-person = Esta contraseña es casi solo su nombre de usuario o su dirección de correo. Elija palabras que no tengan nada que ver con usted.
