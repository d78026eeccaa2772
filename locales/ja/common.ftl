# Dates

date-january = 1月
date-february = 2月
date-march = 3月
date-april = 4月
date-may = 5月
date-june = 6月
date-july = 7月
date-august = 8月
date-september = 9月
date-october = 10月
date-november = 11月
date-december = 12月
date-day = { $year }年{ $month }{ $day }日
date-moment = { $year }年{ $month }{ $day }日 { $clock } UTC

# On every page

language-menu = 言語
start-page = スタート ページへ
