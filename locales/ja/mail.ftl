# Somebody guesses the codes of a second factor

mail-paused-subject = { $host } の 2 段階認証を一時停止しました
mail-paused-why = お客様のパスワードを知る何者かが、{ $host } で誤ったコードを繰り返し入力しました。
mail-paused-done = これ以上の試行を防ぐため、お客様の認証アプリを一時停止しました。
mail-paused-do = 新しいパスワードの設定と利用の再開を、管理者にご依頼ください。

# What to do whose doing it was not

mail-not-you = お心当たりがない場合は、サインインして新しいパスワードを設定し、セッションをご確認ください。

# An authenticator was added or removed, recovery codes were made

mail-factor-added-subject = { $host } に新しい認証アプリが追加されました
mail-factor-added-why = { $host } のお客様のアカウントに認証アプリが追加されました。
mail-factor-removed-subject = { $host } の認証アプリが削除されました
mail-factor-removed-why = { $host } のお客様のアカウントから認証アプリが削除され、ほかのすべての場所でサインアウトされました。
mail-codes-renewed-subject = { $host } の新しい回復コード
mail-codes-renewed-why = { $host } のお客様のアカウントに新しい回復コードが作成されました。以前のコードは使用できません。

# A session was reported as a stranger's

mail-disowned-subject = { $host } で第三者をサインアウトしました
mail-disowned-why = { $host } のお客様のアカウントのセッションが、ご本人のものではないと報告されました。
mail-disowned-done = そのセッションとほかのすべてのセッションを終了し、アプリに与えられていた許可を取り消しました。
mail-disowned-do = 以前のパスワードを誰かに知られている可能性があります。今すぐ新しいパスワードを設定してください。

# The account is on its way out

mail-closing-subject = { $host } のアカウントが削除されます
mail-closing-why = ご依頼のとおり、{ $host } のお客様のアカウントを削除します。
mail-closing-do = お考えが変わった場合、またはお心当たりがない場合は、サインインしてアカウントを維持してください。削除されたアカウントは元に戻せません。

# Passkeys and security keys

mail-key-added-subject = { $host } のアカウントにキーが追加されました
mail-key-added-why = { $host } のお客様のアカウントに、パスキーまたはセキュリティ キーが追加されました。{ $label }
mail-key-added-do = お心当たりがない場合は、アカウントのパスキーの画面で削除し、すべての場所でサインアウトして、管理者にお知らせください。
mail-key-removed-subject = { $host } のアカウントからキーが削除されました
mail-key-removed-why = { $host } のお客様のアカウントから、パスキーまたはセキュリティ キーが削除されました。{ $label }
mail-key-removed-do = お心当たりがない場合は、パスワードを変更し、管理者にお知らせください。
mail-key-copied-subject = { $host } のキーが複製された可能性があります
mail-key-copied-why = 使用回数を記録するお客様のキーで { $host } へのサインインが行われたか試みられましたが、回数が一致しませんでした。{ $label }
mail-key-copied-do = キーの複製が存在する可能性があります。アカウントのパスキーの画面で削除し、あらためて追加してください。
