# Pages that tell of trouble

error-stale = Cette page n’est plus valable
error-stale-do = Elle est peut-être trop ancienne, ou un autre site vous a envoyé ici. Retournez à l’application et recommencez à partir de là.
error-nothing = Il n’y a rien ici
error-nothing-do = Vérifiez l’adresse ou retournez d’où vous venez.
error-method = Cela ne fonctionne pas ici
error-method-do = Retournez à l’application et recommencez à partir de là.
error-request = La demande n’a pas pu être transmise
error-request-do = Revenez en arrière et réessayez avec moins de données ou une meilleure connexion.
error-too-many = Trop de tentatives
error-too-many-do = Patientez une minute, puis réessayez.
error-busy = Nous sommes très sollicités en ce moment
error-busy-do = Patientez quelques secondes, puis rechargez cette page.
error-fault = Une erreur s’est produite de notre côté
error-fault-do = Réessayez dans un instant. Si cela se reproduit, prévenez les responsables de ce serveur.
error-link = Ce lien de connexion ne fonctionne pas
error-link-do = L’application qui vous a envoyé ici a commis une erreur. Retournez-y et réessayez ; si cela se reproduit, communiquez à ses concepteurs les informations ci-dessous.
error-developer = Pour les développeurs
error-code = Erreur
error-reason = Motif
error-quote = Indiquez ce numéro si vous demandez de l’aide
error-copy = Copier le numéro
