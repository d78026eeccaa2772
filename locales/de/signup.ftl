# Signing up

signup-title = Registrieren
signup-intro = Geben Sie Ihre E-Mail-Adresse ein. Wir senden einen Link dorthin, mit dem Sie Ihr Konto einrichten.
signup-intro-invited = Sie brauchen eine Einladung. Wenn Sie eine haben und die E-Mail nicht finden, geben Sie Ihre Adresse ein, und wir senden sie noch einmal.
signup-sent = Eine E-Mail an die eingegebene Adresse ist unterwegs. Öffnen Sie den Link darin, um fortzufahren.

# Making the account

join-title = Konto einrichten
join-intro = E-Mails gehen an { $email }.
join-hint = Mindestens 15 Zeichen. Einige Wörter ohne Zusammenhang sind leicht zu merken und schwer zu erraten.
join-other-address = Das ist eine fremde E-Mail-Adresse. Nehmen Sie Ihre eigene oder einen Namen ohne @.
join-terms = Ich nehme die Nutzungsbedingungen an
join-terms-missing = Setzen Sie den Haken, um fortzufahren.
join-submit = Konto anlegen
join-done-title = Ihr Konto ist bereit
join-done-text = Gehen Sie zurück zu der Anwendung, von der Sie kamen, oder melden Sie sich hier an.
