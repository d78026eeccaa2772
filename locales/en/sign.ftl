# The sign-in page

sign-in = Sign in
sign-in-to = Sign in to { $client }
wait =
    { $seconds ->
        [one] Too many tries. Wait a second, then try again.
       *[other] Too many tries. Wait { $seconds } seconds, then try again.
    }
