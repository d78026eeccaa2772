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

language-menu = Idioma
start-page = Ir a la página de inicio
