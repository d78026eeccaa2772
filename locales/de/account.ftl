# Around every page of the account

account-title = Mein Konto
account-console = Administration
account-overview = Übersicht
account-profile = Profil
account-security = Sicherheit
account-sessions = Geräte und Sitzungen
account-apps = Verbundene Apps
account-activity = Aktivität
account-privacy = Datenschutz
account-cancel = Abbrechen
account-save = Speichern
account-edit = Bearbeiten
account-add = Hinzufügen
account-manage = Verwalten
account-rename = Umbenennen
account-rename-this = { $label } umbenennen
account-remove = Entfernen
account-remove-this = { $label } entfernen
account-name = Name
account-pages = Seiten
account-pages-first = Zurück zum Anfang
account-pages-next = Nächste Seite

# When: each stands before or in place of an instant

account-just-now = gerade eben
account-minutes-ago =
    { $count ->
        [one] vor 1 Minute
       *[other] vor { $count } Minuten
    }
account-hours-ago =
    { $count ->
        [one] vor 1 Stunde
       *[other] vor { $count } Stunden
    }
account-days-ago =
    { $count ->
        [one] vor 1 Tag
       *[other] vor { $count } Tagen
    }
account-hours =
    { $count ->
        [one] 1 Stunde
       *[other] { $count } Stunden
    }
account-days =
    { $count ->
        [one] 1 Tag
       *[other] { $count } Tage
    }
account-since = verbunden:
account-added = hinzugefügt:
account-last-used = zuletzt verwendet:
account-never-used = nie verwendet

# Browsers by themselves and in the middle of a sentence

account-browser = { $browser } unter { $system }
account-browser-on = Unbekannter Browser unter { $system }
account-browser-on-within = Unbekannter Browser unter { $system }
account-browser-unknown = Unbekannter Browser
account-browser-unknown-within = Unbekannter Browser

# Said after a change

account-done-profile = Ihr Profil wurde gespeichert.
account-done-added = Ihr Authenticator wurde hinzugefügt.
account-done-key-added = Ihr Schlüssel wurde hinzugefügt.
account-done-renamed = Der neue Name wurde gespeichert.
account-done-removed = Erfolgreich entfernt. Sie wurden überall sonst abgemeldet.
account-done-codes = Ihre neuen Wiederherstellungscodes gelten. Die alten gelten nicht mehr.
account-done-session = Diese Sitzung ist beendet.
account-done-sessions = Sie sind überall sonst abgemeldet.
account-done-disowned = Diese Sitzung, alle anderen und ihre Apps sind abgemeldet.
account-done-device-removed = Dieses Gerät ist entfernt, mit allem, was daran gebunden war.
account-done-app = Die App hat keinen Zugriff mehr.
account-done-kept = Ihr Konto bleibt bestehen.
account-done-password = Ihr Passwort wurde geändert. Sie wurden überall sonst abgemeldet.

# Why a change was not made

account-problem-ten = Sie haben zehn Authenticatoren. Entfernen Sie zuerst einen.
account-problem-needed = Ihr Konto braucht einen zweiten Schritt. Fügen Sie zuerst einen anderen hinzu und entfernen Sie dann diesen.
account-problem-needed-device = Ihr Konto braucht einen zweiten Schritt, und der einzige wurde auf diesem Gerät angelegt. Fügen Sie zuerst einen anderen hinzu und entfernen Sie dann dieses.
account-problem-codes = Wiederherstellungscodes vertreten einen zweiten Schritt. Fügen Sie zuerst einen hinzu.
account-problem-confirm = Das ist nicht Ihr Benutzername. Geben Sie ihn wie angezeigt ein.
account-problem-last = Sie verwalten diesen Server als Einzige oder Einziger. Bestimmen Sie zuerst eine weitere Person dafür.
account-problem-this-session = Das ist die Sitzung, in der Sie gerade sind.
account-problem-label = Das ist zu lang oder kein Text. Verwenden Sie höchstens 64 Zeichen.
account-problem-label-empty = Hier fehlt ein Name. Wählen Sie einen, an dem Sie den Schlüssel erkennen.
account-problem-long = Das ist zu lang. Verwenden Sie höchstens 128 Zeichen.
account-problem-invisible = Der Text enthält Zeichen, die niemand sehen kann. Geben Sie ihn noch einmal ein.
account-problem-language = Wählen Sie eine der angebotenen Sprachen.
account-problem-zone = Schreiben Sie die Zeitzone als Europe/Berlin, Asia/Tokyo oder UTC.
account-problem-phone = Schreiben Sie die Telefonnummer mit Landesvorwahl, zum Beispiel +49 30 1234567.

# The overview

account-unconfirmed = Nicht bestätigt
account-safe = Ihr Konto ist gut geschützt
account-safe-how = Es gibt nichts zu tun. Sehen Sie von Zeit zu Zeit nach, wo Sie angemeldet sind.
account-safer =
    { $count ->
        [one] Eine Sache würde Ihr Konto sicherer machen
       *[other] { $count } Dinge würden Ihr Konto sicherer machen
    }
account-made = Konto angelegt:
account-sign-in-as = Sie melden sich als { $account } an
account-advice-passkey = Passkey hinzufügen
account-advice-passkey-why = Sie melden sich mit Fingerabdruck, Gesicht oder der PIN Ihres Geräts an, und niemand kann Ihnen den Passkey entlocken.
account-advice-second = Zweiten Schritt hinzufügen
account-advice-second-why = Ein Passwort allein kann gestohlen werden. Eine Authenticator-App auf Ihrem Telefon hält jeden auf, der es hat.
account-advice-second-link = Authenticator hinzufügen
account-advice-codes = Wiederherstellungscodes erstellen
account-advice-codes-why = Sie haben keine mehr. Ohne sie bedeutet ein verlorenes Telefon ein verlorenes Konto.
account-advice-few = Wiederherstellungscodes erneuern
account-advice-few-why = Nur noch wenige sind übrig. Neue ersetzen sie alle.
account-advice-email = E-Mail-Adresse bestätigen
account-advice-email-why = Wir haben nicht geprüft, ob die Adresse Ihnen gehört, und können Ihnen daher nicht per E-Mail helfen.
account-advice-email-link = Profil ansehen

# The profile

account-profile-lead = Was Apps über Sie erfahren, wenn Sie ihnen Ihr Profil zeigen.
account-profile-about = Über Sie
account-profile-sign-in = Anmeldung
account-profile-others = Von Ihrer Organisation festgelegt
account-profile-others-hint = Nur die Administration kann das ändern.
account-profile-edit = Profil bearbeiten
account-profile-optional = Alle Angaben sind freiwillig.
account-not-set = Nicht angegeben
account-no-email = Keine
account-confirmed = Bestätigt
account-email = E-Mail
account-given-name = Vorname
account-family-name = Nachname
account-nickname = Spitzname
account-phone = Telefon
account-phone-hint = Mit Landesvorwahl, zum Beispiel +49 30 1234567.
account-language = Sprache
account-language-none = Wie in meinem Browser
account-zone = Zeitzone
account-zone-hint = Zum Beispiel Europe/Berlin oder Asia/Tokyo.

# Security

account-security-lead = Womit Sie sich anmelden. Vor jeder Änderung bestätigen Sie noch einmal, dass Sie es sind.
account-password-due = Wählen Sie ein neues Passwort.
account-password-due-why = Jemand kennt möglicherweise Ihr jetziges.
account-password-none = Sie haben keines: Sie melden sich ohne Passwort an.
account-password-changed = Geändert:
account-password-unchanged = Es wurde nie geändert.
account-keys = Passkeys und Sicherheitsschlüssel
account-keys-none = Noch keine. Mit einem Passkey melden Sie sich mit Fingerabdruck, Gesicht oder der PIN Ihres Geräts an.
account-keys-some =
    { $count ->
        [one] Sie haben einen.
       *[other] Sie haben { $count }.
    }
account-authenticators = Authenticator-Apps
account-authenticators-none = Noch keine. Eine App auf Ihrem Telefon zeigt sechs Ziffern, die Sie nach Ihrem Passwort eingeben.
account-authenticator-unnamed = Authenticator-App
account-codes = Wiederherstellungscodes
account-codes-renew = Neue erstellen
account-codes-left =
    { $count ->
        [0] Sie haben keine mehr. Ohne sie bedeutet ein verlorenes Telefon ein verlorenes Konto.
        [one] Einer ist noch übrig. Erstellen Sie bald neue.
       *[other] { $count } sind noch übrig. Mit jedem melden Sie sich einmal an, wenn Sie Ihre anderen Möglichkeiten verloren haben.
    }

# Authenticators

account-authenticator-new = Authenticator hinzufügen
account-authenticator-scan = Scannen Sie das Bild mit einer Authenticator-App auf Ihrem Telefon und geben Sie dann die sechs Ziffern ein, die sie zeigt.
account-authenticator-name-hint = Damit Sie ihn wiedererkennen, zum Beispiel „Diensttelefon“. Das Feld kann leer bleiben.
account-authenticator-code-hint = Er beweist, dass die App funktioniert. Alle 30 Sekunden erscheint ein neuer.
account-authenticator-rename = Authenticator umbenennen
account-rename-hint = Höchstens 64 Zeichen.
account-remove-title = { $label } entfernen?
account-remove-elsewhere = Sie werden überall sonst abgemeldet, ebenso Apps, die dort verbunden waren.
account-authenticator-remove-effect = Die Codes dieses Authenticators gelten nicht mehr.

# Passkeys and security keys

account-keys-lead = Schlüssel, die nur unter dieser Adresse funktionieren, sodass niemand sie Ihnen entlocken kann.
account-keys-own = Ihre Schlüssel
account-keys-impossible = Dieser Server hat eine Adresse, unter der Browser keine Schlüssel verwenden.
account-key-synced = Passkey, zwischen Ihren Geräten synchronisiert
account-key-here = Passkey, nur auf diesem einen Gerät
account-key-touched = Sicherheitsschlüssel, für den zweiten Schritt
account-key-new = Passkey hinzufügen
account-key-new-lead = Ihr Browser fragt, wo der Passkey aufbewahrt wird und wie Sie ihn entsperren. Von da an öffnet Ihr Passwort allein nichts mehr.
account-key-new-touched = Sicherheitsschlüssel hinzufügen
account-key-new-touched-lead = Halten Sie den Schlüssel bereit. Sie berühren ihn nach der Eingabe Ihres Passworts.
account-key-new-second = Sicherheitsschlüssel für den zweiten Schritt hinzufügen
account-key-name-hint = Woran Sie ihn erkennen, zum Beispiel „Telefon“ oder „Blauer Schlüssel“. Bleibt das Feld leer, heißt er wie dieser Browser.
account-key-create = Passkey erstellen
account-key-create-touched = Schlüssel hinzufügen
account-key-scripts = Schlüssel brauchen einen Browser, der Skripte ausführt. Schalten Sie sie für diese Seite ein und laden Sie sie neu.
account-key-rename = Schlüssel umbenennen
account-key-remove-effect = Sie können sich damit nicht mehr anmelden.
account-key-remove-device = Ihr Gerät oder Ihr Passwortmanager bietet ihn vielleicht weiter an. Löschen Sie ihn auch dort.

# Recovery codes

account-codes-ask = Neue Wiederherstellungscodes erstellen?
account-codes-ask-ten = Sie erhalten zehn Codes, jeden für eine Anmeldung, wenn Sie Ihre anderen Möglichkeiten verloren haben.
account-codes-ask-left =
    { $count ->
        [0] Sie haben jetzt keine mehr.
        [one] Der eine, den Sie noch haben, gilt dann nicht mehr.
       *[other] Die { $count }, die Sie noch haben, gelten dann nicht mehr.
    }
account-codes-ask-once = Sie werden einmal angezeigt: Halten Sie einen Drucker oder einen Passwortmanager bereit.
account-codes-submit = Neue Codes erstellen
account-codes-lead = Wenn Sie Ihre anderen Möglichkeiten zur Anmeldung verlieren, melden Sie sich mit einem dieser Codes an. Jeder gilt einmal. Sie werden nur jetzt angezeigt.
account-codes-whose = Wiederherstellungscodes von { $account } bei { $host }
account-codes-stored = Ich habe sie aufbewahrt

# Sessions and browsers

account-sessions-lead = Wo Sie angemeldet sind. Wenn Sie etwas davon nicht kennen, melden Sie es.
account-sessions-here = Angemeldet
account-this-one = Hier
account-session-pending = Nicht abgeschlossen
account-session-from = Von
account-session-seen = zuletzt aktiv:
account-session-began = Beginn:
account-session-by = mit { $factors }
account-session-end-this = { $device } abmelden
account-session-disown = Das war ich nicht
account-session-disown-this = { $device }: Das war ich nicht
account-session-end-title = „{ $device }“ abmelden?
account-session-end-effect = Dieser Browser wird sofort abgemeldet, ebenso die Apps, die darin verbunden waren.
account-disown-title = Das waren nicht Sie?
account-disown-effect-device = Sie sagen, dass Sie sich nicht mit „{ $device }“ angemeldet haben.
account-disown-effect-others = Diese Sitzung endet sofort, ebenso alle anderen außer der, in der Sie gerade sind.
account-disown-effect-apps = Apps, die irgendwo sonst verbunden waren, verlieren ihren Zugriff.
account-disown-effect-browsers = Jeder andere Browser gilt bei der nächsten Anmeldung als neu.
account-disown-effect-added = Schlüssel, Authentifizierungs-Apps und Wiederherstellungscodes, die seit dieser Anmeldung hinzukamen, werden entfernt, auch Ihre eigenen.
account-disown-effect-password = Wählen Sie danach ein neues Passwort: Jemand kennt möglicherweise Ihres.
account-others-end = Überall sonst abmelden
account-others-title = Überall sonst abmelden?
account-others-effect = Hier bleiben Sie angemeldet. Jeder andere Browser wird sofort abgemeldet, ebenso die Apps, die darin verbunden waren.
account-devices = Geräte
account-devices-none = Keine. Ein Gerät wird gemerkt, wenn Sie sich mit ihm anmelden.
account-devices-why = Mit diesen haben Sie sich schon angemeldet. Deshalb werden Sie vor ihnen nicht gewarnt, und falsche Passwörter, die jemand anderswo eingibt, können Sie dort nicht aussperren. Entfernen Sie ein Gerät, das Sie verloren haben oder nicht mehr benutzen: Alles, was daran gebunden ist, endet sofort.
account-device-signed-in = Angemeldet
account-session-bound = An dieses Gerät gebunden
account-device-apps = Hier zugelassene Apps:
account-device-app-bound = An seinen Schlüssel gebunden
account-device-keys = Hier angelegte Passkeys:
account-browser-first = Zuerst:
account-browser-last = zuletzt:
account-device-remove = Entfernen
account-device-remove-named = { $device } entfernen
account-device-remove-title = „{ $device }“ entfernen?
account-device-remove-this = Das ist das Gerät, das Sie gerade benutzen: Sie werden abgemeldet.
account-device-remove-sessions = Es wird sofort abgemeldet.
account-device-remove-apps = Was Sie dort erlaubt haben, endet, auch wo es ohne Sie arbeitet: { $names }.
account-device-remove-keys = Die dort angelegten Passkeys öffnen Ihr Konto nicht mehr, wohin auch immer sie kopiert wurden: { $names }.
account-device-remove-others = Sie werden auch auf allen anderen Geräten abgemeldet: Jemand könnte diese Passkeys anderswo benutzt haben.
account-device-remove-known = Es gilt bei der nächsten Anmeldung als neu und fragt wieder nach dem zweiten Schritt.
account-factor-password = Passwort
account-factor-authenticator = Authenticator
account-factor-recovery = Wiederherstellungscode
account-factor-mailed = Code per E-Mail
account-factor-security-key = Sicherheitsschlüssel
account-factor-passkey = Passkey
account-factor-hardware-key = Hardwareschlüssel

# Connected apps

account-apps-lead = Wo Sie sich mit diesem Konto angemeldet haben und was jede App darf.
account-apps-none = Noch keine Apps
account-apps-none-text = Wenn Sie sich mit diesem Konto bei einer App anmelden, steht sie hier, und Sie können ihr den Zugriff wieder entziehen.
account-app-remove = Zugriff entziehen
account-app-remove-this = { $app } den Zugriff entziehen
account-app-remove-title = { $app } den Zugriff entziehen?
account-app-remove-now = Die App kann von diesem Moment an nicht mehr in Ihrem Namen handeln.
account-app-remove-data = Was sie über Sie gespeichert hat, bleibt bei ihr. Bitten Sie die Anbieter, es zu löschen.
account-app-remove-again = Sie fragt Sie erneut, wenn Sie sich das nächste Mal bei ihr anmelden.

# Activity

account-activity-lead = Was mit Ihrem Konto geschehen ist, das Neueste zuerst.
account-activity-none = Hier ist nichts
account-activity-none-text = Hier stehen Anmeldungen und Änderungen Ihres Kontos.
account-activity-events = Ereignisse
account-event-app = Eine App
account-event-signed-in = Sie haben sich angemeldet
account-event-wrong-code = Jemand mit Ihrem Passwort hat einen falschen Code eingegeben
account-event-wrong-key = Einer Ihrer Schlüssel wurde nicht akzeptiert
account-event-wrong-password = Jemand hat ein falsches Passwort für Ihr Konto eingegeben
account-event-signed-out = Sie haben sich abgemeldet
account-event-app-signed-in = Anmeldung bei einer App: { $app }
account-event-app-robbed = { $app } wurde abgemeldet: Jemand anderes hatte möglicherweise den Zugriff
account-event-app-gave-back = { $app } hat den Zugriff zurückgegeben
account-event-app-removed = Sie haben einer App den Zugriff entzogen: { $app }
account-event-profile = Sie haben Ihr Profil geändert
account-event-session-ended = Sie haben eine Sitzung beendet
account-event-session-ended-by-others = Die Administration hat eine Ihrer Sitzungen beendet
account-event-disowned = Sie haben eine Sitzung als fremd gemeldet
account-event-others-ended = Sie haben sich überall sonst abgemeldet
account-event-all-ended = Die Administration hat alle Ihre Sitzungen beendet
account-event-forgotten = Sie haben einen Browser vergessen lassen
account-event-key-added = Sie haben einen Passkey oder Sicherheitsschlüssel hinzugefügt
account-event-key-refused = Ein Schlüssel, den Sie hinzufügen wollten, wurde nicht akzeptiert
account-event-key-renamed = Sie haben einen Schlüssel umbenannt
account-event-key-removed = Sie haben einen Passkey oder Sicherheitsschlüssel entfernt
account-event-key-copied = Einer Ihrer Schlüssel wurde möglicherweise kopiert
account-event-cookies-copied = Jemand hat Ihre Anmeldung ohne den Schlüssel ihres Geräts benutzt
account-event-factor-removed-by-others = Die Administration hat einen Ihrer Faktoren entfernt
account-event-authenticator-added = Sie haben einen Authenticator hinzugefügt
account-event-authenticator-renamed = Sie haben einen Authenticator umbenannt
account-event-authenticator-removed = Sie haben einen Authenticator entfernt
account-event-codes = Sie haben neue Wiederherstellungscodes erstellt
account-event-export = Sie haben Ihre Daten heruntergeladen
account-event-closing = Sie haben die Löschung Ihres Kontos verlangt
account-event-kept = Sie haben Ihr Konto behalten
account-event-made = Ihr Konto wurde angelegt
account-event-changed-by-others = Die Administration hat Ihr Konto geändert
account-event-password-by-others = Die Administration hat Ihr Passwort gesetzt
account-event-authenticator-by-others = Die Administration hat Ihren Authenticator gesetzt
account-event-disabled = Die Administration hat Ihr Konto gesperrt
account-event-enabled = Die Administration hat Ihr Konto entsperrt
account-event-refused = Etwas wurde abgelehnt
account-event-other = Etwas anderes ist geschehen: { $event }

# Privacy

account-export = Daten herunterladen
account-export-text = Alles, was hier über Sie gespeichert ist, in einer Datei, die Programme lesen können: Profil, Geräte, Apps, Aktivität. Passwörter und Schlüssel sind nicht darin.
account-export-file = Die Datei { $file } enthält Ihr Profil, Ihre Anmeldeverfahren (aber keine Geheimnisse), Sitzungen, Geräte, Apps und Aktivität. Bewahren Sie sie dort auf, wo nur Sie sie lesen können.
account-delete = Konto löschen
account-delete-text = Sie werden sofort überall abgemeldet. { $grace } lang können Sie sich anmelden und es sich anders überlegen, dann wird das Konto gelöscht.
account-delete-title = Möchten Sie Ihr Konto löschen?
account-delete-now = Sie werden sofort überall abgemeldet, und jede App verliert ihren Zugriff.
account-delete-grace = { $grace } lang können Sie sich anmelden und das Konto behalten. Etwas anderes funktioniert bis dahin nicht.
account-delete-erased = Danach wird hier alles über Sie gelöscht, und niemand kann es zurückholen.
account-delete-log = Das Sicherheitsprotokoll behält, was getan wurde, unter einer Nummer, die nicht verrät, wer Sie waren.
account-delete-confirm = Geben Sie zur Bestätigung Ihren Benutzernamen { $account } ein
account-delete-submit = Mein Konto löschen

# Password, address and trusted browsers

account-done-email-sent = Ein Link ist an die neue Adresse unterwegs. Sie gehört Ihnen, sobald Sie ihn öffnen.
account-done-email-proof = Ein Link ist an Ihre Adresse unterwegs. Öffnen Sie ihn, um zu bestätigen, dass sie Ihnen gehört.
account-done-email-same = Das ist bereits Ihre Adresse, und sie ist bestätigt.
account-done-password-only = Ihr Passwort wurde geändert.
account-email-add = E-Mail-Adresse hinzufügen
account-email-change = E-Mail-Adresse ändern
account-email-confirm = E-Mail-Adresse bestätigen
account-email-title = Ihre E-Mail-Adresse
account-email-hint-new = Wir senden einen Link an diese Adresse. Sie gilt, sobald Sie den Link öffnen; bis dahin ändert sich nichts.
account-email-hint-proof = Wir senden einen Link an diese Adresse. Ihre jetzige ist noch nicht bestätigt: Senden Sie sie unverändert ab, um sie zu bestätigen.
account-email-submit = Link senden
account-change = Ändern
account-set-one = Festlegen
account-password-now = Jetzt ändern
account-password-title = Passwort ändern
account-password-current = Bisheriges Passwort
account-password-wrong = Das ist nicht Ihr bisheriges Passwort.
account-password-new = Neues Passwort
account-password-hint = Mindestens { $count } Zeichen. Ein paar Wörter ohne Zusammenhang sind leicht zu merken und schwer zu erraten.
account-password-others = Überall sonst abmelden
account-password-others-hint = Andere Browser und die Apps, die dort zugelassen wurden. Lassen Sie das Häkchen stehen, wenn jemand das alte Passwort kennen könnte.
account-password-submit = Passwort ändern
account-problem-address = Das ist keine E-Mail-Adresse; schreiben Sie sie wie name@example.com.
account-problem-no-address = Das Feld ist leer; geben Sie eine Adresse an.
account-problem-mails = In der letzten Stunde wurden drei E-Mails gesendet; versuchen Sie es später noch einmal.
account-event-password-changed = Sie haben Ihr Passwort geändert
account-event-password-reset = Ihr Passwort wurde über einen Link in einer E-Mail gesetzt
account-event-email-changed = Ihre E-Mail-Adresse wurde geändert
account-event-email-verified = Sie haben Ihre E-Mail-Adresse bestätigt
account-event-link-sent = Ein Link wurde Ihnen per E-Mail gesendet
account-event-code-sent = Ein Code wurde Ihnen per E-Mail gesendet
account-event-unlocked = Sie haben einen Browser über einen Link in einer E-Mail zugelassen
account-event-account-disowned = Sie haben gemeldet, dass eine Änderung nicht von Ihnen war
account-event-trusted = Sie haben einem Browser vertraut
account-event-put-off = Sie haben die Einrichtung eines zweiten Schritts aufgeschoben
account-browser-trusted = Fragt bis { $date } nicht nach dem zweiten Schritt. Entfernen Sie es, um das zu beenden.
