# Somebody guesses the codes of a second factor

mail-paused-subject = Su segundo paso en { $host } está en pausa
mail-paused-why = Alguien que conoce su contraseña ha escrito muchos códigos incorrectos en { $host }.
mail-paused-done = Hemos puesto en pausa su aplicación de autenticación para que no puedan seguir probando.
mail-paused-do = Pida a su administrador que establezca una contraseña nueva y le permita entrar de nuevo.
