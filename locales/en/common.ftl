# Dates

date-january = January
date-february = February
date-march = March
date-april = April
date-may = May
date-june = June
date-july = July
date-august = August
date-september = September
date-october = October
date-november = November
date-december = December
date-day = { $day } { $month } { $year }
date-moment = { $day } { $month } { $year }, { $clock } UTC

# On every page

language-menu = Language
start-page = Go to the start page
