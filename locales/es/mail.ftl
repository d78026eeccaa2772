# Somebody guesses the codes of a second factor

mail-paused-subject = Su segundo paso en { $host } está en pausa
mail-paused-why = Alguien que conoce su contraseña ha escrito muchos códigos incorrectos en { $host }.
mail-paused-done = Hemos puesto en pausa su aplicación de autenticación para que no puedan seguir probando.
mail-paused-do = Pida a su administrador que establezca una contraseña nueva y le permita entrar de nuevo.

# What to do whose doing it was not

mail-not-you = Si no ha sido usted, inicie sesión, elija una contraseña nueva y revise sus sesiones.

# An authenticator was added or removed, recovery codes were made

mail-factor-added-subject = Nueva aplicación de autenticación en { $host }
mail-factor-added-why = Se ha añadido una aplicación de autenticación a su cuenta en { $host }.
mail-factor-removed-subject = Aplicación de autenticación eliminada en { $host }
mail-factor-removed-why = Se ha eliminado una aplicación de autenticación de su cuenta en { $host } y se ha cerrado su sesión en todos los demás lugares.
mail-codes-renewed-subject = Nuevos códigos de recuperación en { $host }
mail-codes-renewed-why = Se han creado nuevos códigos de recuperación para su cuenta en { $host }. Los anteriores ya no funcionan.

# A session was reported as a stranger's

mail-disowned-subject = Se ha cerrado la sesión de un desconocido en { $host }
mail-disowned-why = Se ha notificado que una sesión de su cuenta en { $host } no es suya.
mail-disowned-done = La hemos cerrado junto con todas las demás y hemos retirado lo que las aplicaciones tenían permitido en ellas.
mail-disowned-do = Elija ahora una contraseña nueva: es posible que alguien conozca la anterior.

# The account is on its way out

mail-closing-subject = Su cuenta en { $host } se va a eliminar
mail-closing-why = Su cuenta en { $host } se va a eliminar, como usted pidió.
mail-closing-do = Si cambia de opinión, o si no ha sido usted, inicie sesión y consérvela. Una vez eliminada, nadie podrá recuperarla.

# Passkeys and security keys

mail-key-added-subject = Se ha añadido una clave a su cuenta en { $host }
mail-key-added-why = Se ha añadido una clave de acceso o de seguridad a su cuenta en { $host }: { $label }
mail-key-added-do = Si no ha sido usted, quítela en el apartado de claves de acceso de su cuenta, cierre sesión en todas partes y avise a su administrador.
mail-key-removed-subject = Se ha quitado una clave de su cuenta en { $host }
mail-key-removed-why = Se ha quitado una clave de acceso o de seguridad de su cuenta en { $host }: { $label }
mail-key-removed-do = Si no ha sido usted, cambie su contraseña y avise a su administrador.
mail-key-copied-subject = Es posible que se haya copiado una clave suya en { $host }
mail-key-copied-why = Alguien ha iniciado sesión, o lo ha intentado, en { $host } con una clave suya que cuenta sus usos, y la cuenta no coincidía: { $label }
mail-key-copied-do = Puede que exista una copia. Quítela en el apartado de claves de acceso de su cuenta y añádala de nuevo.
