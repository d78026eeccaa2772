# Where strangers tried too often

sign-in-paused = Zu viele Versuche. Nehmen Sie einen Browser, in dem Sie schon angemeldet waren, oder lassen Sie sich einen Link schicken, der diesen freigibt.
unlock-link = Link schicken, der diesen Browser freigibt

# Asking for a mail

ask-login = Benutzername oder E-Mail-Adresse
ask-login-missing = Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein.
ask-send = Link senden
ask-back = Zurück zur Anmeldung
forgot-title = Passwort vergessen?
forgot-intro = Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein. Wir senden einen Link an die Adresse des Kontos; damit wählen Sie ein neues Passwort.
unlock-title = Trotzdem anmelden
unlock-intro = Nach vielen falschen Passwörtern müssen Browser warten, die wir nicht kennen. Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein, und wir senden einen Link, der diesen Browser freigibt.
sent-title = Sehen Sie in Ihre E-Mails
sent-text = Wenn es ein solches Konto gibt, ist eine E-Mail an seine Adresse unterwegs. Der Link darin gilt einmal, 15 Minuten lang.
sent-nothing = Nichts angekommen? Sehen Sie im Spam-Ordner nach, oder prüfen Sie Ihre Eingabe. Wir senden höchstens drei E-Mails in der Stunde.

# A link that opens nothing

link-dead-title = Dieser Link gilt nicht mehr
link-dead-text = Er wurde benutzt, seine Zeit ist um, oder ein neuerer hat ihn ersetzt. Nehmen Sie immer die neueste E-Mail.
link-ask-new = Neuen Link anfordern

# A new password

reset-title = Neues Passwort setzen
reset-intro = Für { $account }. Alle Browser und Apps, die jetzt angemeldet sind, werden abgemeldet.
reset-label = Neues Passwort
reset-hint = Einige Wörter ohne Zusammenhang sind leicht zu merken und schwer zu erraten: 15 Zeichen oder mehr, 8 mit einem zweiten Schritt.
reset-submit = Passwort setzen
reset-done-title = Ihr Passwort ist geändert
reset-done-text = Alle Browser und Apps, die angemeldet waren, sind abgemeldet. Melden Sie sich mit dem neuen Passwort an; Ihr zweiter Schritt ist derselbe wie zuvor.
weakness-published = Dieses Passwort wurde bei einem Datendiebstahl veröffentlicht, deshalb probieren Angreifer es aus. Wählen Sie eines, das Sie noch nie benutzt haben.
weakness-same = Dieses Passwort haben Sie schon. Wählen Sie ein anderes.

# A password that others may know, at the sign-in

renew-title = Neues Passwort wählen
renew-intro = Für { $account }. Jemand könnte Ihr Passwort kennen, deshalb öffnet es nichts, bis Sie ein anderes gewählt haben. Alle anderen Browser und Apps werden dann abgemeldet.
renew-mail-intro = Jemand könnte das Passwort von { $account } kennen, deshalb öffnet es nichts mehr. Wir senden einen Link an die E-Mail-Adresse des Kontos; damit wählen Sie ein neues.

# Pages with one button

open-verify-title = E-Mail-Adresse bestätigen?
open-verify-text = Bestätigen Sie mit der Schaltfläche, dass diese Adresse Ihnen gehört.
open-verify-submit = Bestätigen
open-verify-done = Ihre E-Mail-Adresse ist bestätigt
open-verify-then = Mehr ist nicht zu tun.
open-address-title = Diese E-Mail-Adresse verwenden?
open-address-text = Ab jetzt geht die Post für das Konto { $account } hierher, und man kann sich mit dieser Adresse dort anmelden. Fahren Sie nur fort, wenn dieses Konto Ihres ist.
open-address-submit = Diese Adresse verwenden
open-address-done = Ihre E-Mail-Adresse ist geändert
open-address-then = Wir haben es Ihrer bisherigen Adresse mitgeteilt.
open-unlock-title = Diesen Browser freigeben?
open-unlock-text = Dann können Sie sich hier anmelden, was auch immer Fremde anderswo eingeben. Fahren Sie nur in einem eigenen Browser fort.
open-unlock-submit = Diesen Browser freigeben
open-unlock-done = Dieser Browser ist freigegeben
open-unlock-then = Melden Sie sich wie gewohnt mit Ihrem Passwort an.
open-disown-title = Waren das nicht Sie?
open-disown-text = Dann melden wir sofort alle Browser und alle Apps ab, sperren das Passwort, entfernen alle Schlüssel, Authentifizierungs-Apps und Wiederherstellungscodes, die seither hinzukamen, und senden Ihnen eine E-Mail, um ein neues Passwort zu setzen.
open-disown-submit = Das war ich nicht: alles abmelden
open-disown-done = Alles ist abgemeldet
open-disown-then = Ihr Passwort gilt nicht mehr. Eine E-Mail, um ein neues zu setzen, ist zu Ihnen unterwegs.
