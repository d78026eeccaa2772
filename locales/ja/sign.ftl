# The sign-in page

sign-in = サインイン
sign-in-to = { $client } にサインイン
wait = 試行回数が多すぎます。{ $seconds } 秒待ってから、もう一度お試しください。
