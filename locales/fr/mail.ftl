# Somebody guesses the codes of a second factor

mail-paused-subject = Votre deuxième étape sur { $host } est suspendue
mail-paused-why = Une personne qui connaît votre mot de passe a saisi de nombreux codes incorrects sur { $host }.
mail-paused-done = Nous avons suspendu votre application d’authentification pour mettre fin à ces tentatives.
mail-paused-do = Demandez à votre administrateur de définir un nouveau mot de passe et de rétablir votre accès.
