# Somebody guesses the codes of a second factor

mail-paused-subject = { $host } の 2 段階認証を一時停止しました
mail-paused-why = お客様のパスワードを知る何者かが、{ $host } で誤ったコードを繰り返し入力しました。
mail-paused-done = これ以上の試行を防ぐため、お客様の認証アプリを一時停止しました。
mail-paused-do = 新しいパスワードの設定と利用の再開を、管理者にご依頼ください。
