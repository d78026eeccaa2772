# The sign-in page

sign-in = Iniciar sesión
sign-in-to = Iniciar sesión en { $client }
wait =
    { $seconds ->
        [one] Demasiados intentos. Espere un segundo e inténtelo de nuevo.
       *[other] Demasiados intentos. Espere { $seconds } segundos e inténtelo de nuevo.
    }
