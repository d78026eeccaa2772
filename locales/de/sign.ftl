# The sign-in page

sign-in = Anmelden
sign-in-to = Bei { $client } anmelden
wait =
    { $seconds ->
        [one] Zu viele Versuche. Warten Sie eine Sekunde und versuchen Sie es dann erneut.
       *[other] Zu viele Versuche. Warten Sie { $seconds } Sekunden und versuchen Sie es dann erneut.
    }
