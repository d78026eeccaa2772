# Dates

date-january = Januar
date-february = Februar
date-march = März
date-april = April
date-may = Mai
date-june = Juni
date-july = Juli
date-august = August
date-september = September
date-october = Oktober
date-november = November
date-december = Dezember
date-day = { $day }. { $month } { $year }
date-moment = { $day }. { $month } { $year }, { $clock } UTC

# On every page

language-menu = Sprache
start-page = Zur Startseite
