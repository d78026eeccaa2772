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

skip-to-content = Zum Inhalt springen
language-menu = Sprache
secured-by = Gesichert durch Portcullis
start-page = Zur Startseite
continue = Weiter
copied = Kopiert
copy-by-hand = Strg+C drücken
show-password = Passwort anzeigen
privacy-policy = Datenschutzerklärung
terms-of-service = Nutzungsbedingungen
help = Hilfe
problem = Es gibt ein Problem

# Why a new password is refused

weakness-short = Verwenden Sie mindestens { $count } Zeichen. Ein paar Wörter hintereinander sind leicht zu merken.
weakness-long = Verwenden Sie höchstens 128 Zeichen.
weakness-control = Lassen Sie Steuerzeichen wie Zeilenumbrüche und Tabulatoren weg.
weakness-common = Dieses Passwort gehört zu den häufigsten. Wählen Sie Wörter, die andere nicht wählen.
weakness-product = Dieses Passwort besteht fast nur aus dem Namen dieses Dienstes. Wählen Sie Wörter, die nichts damit zu tun haben.
weakness-person = Dieses Passwort besteht fast nur aus Ihrem Benutzernamen oder Ihrer E-Mail-Adresse. Wählen Sie Wörter, die nichts mit Ihnen zu tun haben.
