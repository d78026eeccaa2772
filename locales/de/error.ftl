# Pages that tell of trouble

error-stale = Diese Seite gilt nicht mehr
error-stale-do = Sie ist möglicherweise zu alt, oder eine andere Website hat Sie hierher geschickt. Gehen Sie zur Anwendung zurück und beginnen Sie dort erneut.
error-nothing = Hier ist nichts
error-nothing-do = Prüfen Sie die Adresse oder gehen Sie dorthin zurück, woher Sie kamen.
error-method = Das geht hier nicht
error-method-do = Gehen Sie zur Anwendung zurück und beginnen Sie dort erneut.
error-request = Die Anfrage kam nicht an
error-request-do = Gehen Sie zurück und versuchen Sie es mit weniger Daten oder über eine bessere Verbindung erneut.
error-too-many = Zu viele Versuche
error-too-many-do = Warten Sie eine Minute und versuchen Sie es dann erneut.
error-busy = Wir sind gerade ausgelastet
error-busy-do = Warten Sie ein paar Sekunden und laden Sie diese Seite neu.
error-fault = Bei uns ist ein Fehler aufgetreten
error-fault-do = Versuchen Sie es gleich noch einmal. Wenn es wieder geschieht, wenden Sie sich an die Betreiber dieses Servers.
error-link = Dieser Anmeldelink funktioniert nicht
error-link-do = Die Anwendung, die Sie hierher geschickt hat, hat einen Fehler gemacht. Gehen Sie zu ihr zurück und versuchen Sie es erneut; wenn es wieder geschieht, teilen Sie ihren Entwicklern mit, was unten steht.
error-developer = Für Entwickler
error-code = Fehler
error-reason = Grund
error-quote = Nennen Sie diese Nummer, wenn Sie um Hilfe bitten
error-copy = Nummer kopieren
