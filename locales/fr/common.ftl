# Dates

date-january = janvier
date-february = février
date-march = mars
date-april = avril
date-may = mai
date-june = juin
date-july = juillet
date-august = août
date-september = septembre
date-october = octobre
date-november = novembre
date-december = décembre
date-day =
    { $day ->
        [1] 1er { $month } { $year }
       *[other] { $day } { $month } { $year }
    }
date-moment =
    { $day ->
        [1] 1er { $month } { $year } à { $clock } UTC
       *[other] { $day } { $month } { $year } à { $clock } UTC
    }

# On every page

language-menu = Langue
start-page = Aller à la page d’accueil
