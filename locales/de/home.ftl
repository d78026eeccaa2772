# The start page

home-page-title = Start
home-title = Anmeldeserver
home-text = Anwendungen schicken Sie zum Anmelden hierher. Auf dieser Seite gibt es nichts zu tun.
home-copy-issuer = Issuer kopieren
home-dev-title = Ihr Autorisierungsserver läuft
home-dev-text = Dies ist der Entwicklungsmodus: Alles ist lokal, und nichts davon ist für das Internet bestimmt.
home-playground = Spielwiese
home-playground-text = Führen Sie Code + PKCE mit diesem Server durch und sehen Sie jede Nachricht, jedes Token und jede Prüfung.
home-admin = Administration
home-admin-text = Anwendungen registrieren, Personen und Schlüssel verwalten, das Protokoll lesen.
home-mail = E-Mail
home-mail-text = Jede Nachricht dieses Servers landet hier, statt den Rechner zu verlassen.
home-discovery = Discovery
home-discovery-text = Das Dokument, das Ihre Client-Bibliothek braucht. Geben Sie ihr den Issuer von oben.
