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

skip-to-content = Aller au contenu
language-menu = Langue
secured-by = Sécurisé par Portcullis
start-page = Aller à la page d’accueil
continue = Continuer
copied = Copié
copy-by-hand = Appuyez sur Ctrl+C
show-password = Afficher le mot de passe
privacy-policy = Politique de confidentialité
terms-of-service = Conditions d’utilisation
help = Aide
problem = Un problème est survenu

# Why a new password is refused

weakness-short = Utilisez au moins { $count } caractères. Quelques mots à la suite sont faciles à retenir.
weakness-long = Utilisez au plus 128 caractères.
weakness-control = N’utilisez pas de caractères de contrôle, comme les sauts de ligne et les tabulations.
weakness-common = Ce mot de passe est l’un des plus courants. Choisissez des mots que les autres ne choisissent pas.
weakness-product = Ce mot de passe se résume presque au nom de ce service. Choisissez des mots qui n’ont rien à voir avec lui.
weakness-person = Ce mot de passe se résume presque à votre nom d’utilisateur ou à votre adresse e-mail. Choisissez des mots qui n’ont rien à voir avec vous.
