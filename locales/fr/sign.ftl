# The sign-in page

sign-in = Se connecter
sign-in-to = Se connecter à { $client }
wait =
    { $seconds ->
        [one] Trop de tentatives. Patientez une seconde, puis réessayez.
       *[other] Trop de tentatives. Patientez { $seconds } secondes, puis réessayez.
    }
