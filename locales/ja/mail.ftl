# Somebody guesses the codes of a second factor

mail-paused-subject = { $host } の 2 段階認証を一時停止しました
mail-paused-why = お客様のパスワードを知る何者かが、{ $host } で誤ったコードを繰り返し入力しました。
mail-paused-done = 推測が続かないように、コードを一時停止しました。
mail-paused-do = 続けるには新しいパスワードを設定してください。ページは 15 分以内に一度だけ使えます。その後はサインインのページで新しいリンクを求められます。

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
mail-device-removed-subject = { $host } のアカウントから端末が削除されました
mail-device-removed-why = { $host } のお客様のアカウントから、端末と、その端末に結び付いていたものがすべて削除されました。{ $label }
mail-device-removed-do = お心当たりがない場合は、パスワードを変更し、管理者にお知らせください。
mail-key-copied-subject = { $host } のキーが複製された可能性があります
mail-key-copied-why = 使用回数を記録するお客様のキーで { $host } へのサインインが行われたか試みられましたが、回数が一致しませんでした。{ $label }
mail-key-copied-do = キーの複製が存在する可能性があります。アカウントのパスキーの画面で削除し、あらためて追加してください。
mail-cookies-copied-subject = { $host } のサインイン情報が複製されていました
mail-cookies-copied-why = お客様が { $host } にサインインしていたブラウザーの Cookie が、その端末の鍵なしに使われました。被害はありません。そのブラウザーと、そこで許可されたアプリケーションはサインアウトされました。
mail-cookies-copied-do = お心当たりがない場合、端末のプログラムがブラウザーの保存内容を読み取っている可能性があります。端末を点検し、別の端末からパスワードを変更してください。

# In every letter

mail-was-not-you = お心当たりがありませんか
mail-by-hand = または、このアドレスをブラウザーに貼り付けてください。
mail-why-account = このメールは { $host } のアカウントについてお送りしています。
mail-why-safety = このメールは { $host } のアカウントの安全に関わるため、お送りしています。

# Links that were asked for

mail-reset-subject = { $host } の新しいパスワードの設定
mail-reset-do = 下のページを開いて、新しいパスワードを選んでください。15 分以内に一度だけ使えます。
mail-reset-factor = 二段階目はそのままです。サインインのときに求められます。
mail-reset-button = 新しいパスワードを設定
mail-reset-why = { $host } で誰かがこのメールを求めたため、お送りしています。お心当たりがなければ、そのままにしてください。何も変わっていません。
mail-unlock-subject = { $host } にサインインするためのリンク
mail-unlock-what = 誰かがあなたのアカウントで間違ったパスワードを何度も試したため、見覚えのないブラウザーは待つ必要があります。以前サインインしたブラウザーには影響ありません。
mail-unlock-do = 新しいブラウザーからサインインするには、そのブラウザーで下のページを開いてください。15 分以内に一度だけ使えます。
mail-unlock-button = このブラウザーを許可する
mail-verify-subject = { $host } のメールアドレスの確認
mail-verify-do = このアドレスがあなたのものであることを、下のページで確認してください。24 時間使えます。
mail-verify-button = アドレスを確認
mail-verify-why = { $host } のアカウントにこのアドレスが登録されているため、お送りしています。お心当たりがなければ、そのままにしてください。
mail-address-subject = { $host } の新しいメールアドレスの確認
mail-address-do = 今後このアドレスを使うには、下のページを開いてください。24 時間使えます。
mail-address-button = このアドレスを使う
mail-address-why = { $host } で誰かがこのアドレスを新しいアドレスとして登録したため、お送りしています。お心当たりがなければ、そのままにしてください。

# New people

mail-signup-subject = { $host } への登録を完了してください
mail-signup-do = 下のページを開いて、ユーザー名とパスワードを選んでください。24 時間使えます。
mail-signup-button = 登録を完了する
mail-signup-why = { $host } で誰かがこのアドレスで登録したため、お送りしています。お心当たりがなければ、そのままにしてください。アカウントは作られません。
mail-known-subject = { $host } のアカウントをすでにお持ちです
mail-known-what = 誰かがこのアドレスで登録しましたが、すでにアカウントがあります。ユーザー名かこのアドレスでサインインしてください。
mail-known-do = パスワードがわからなくなった場合は、そのページで新しく設定できます。
mail-known-button = サインイン
mail-known-why = { $host } で誰かがこのアドレスで登録したため、お送りしています。
mail-invite-subject = { $host } に招待されました
mail-invite-do = 管理者があなたの席を用意しました。下のページを開いてアカウントを作ってください。7 日間使えます。
mail-invite-button = アカウントを作る
mail-invite-why = { $host } の管理者があなたのアドレスを登録したため、お送りしています。

# What happened to an account

mail-password-subject = { $host } のパスワードが変更されました
mail-password-what = { $when } にパスワードが変更されました。
mail-asked-subject = { $host } で新しいメールアドレスが申請されました
mail-asked-what = { $when } に、お客様のアカウントにサインインしている方が、別のメールアドレスへの変更を申請しました。新しいアドレスに届いたメールが開かれるまで、現在のアドレスのままです。
mail-moved-subject = { $host } のメールアドレスが変更されました
mail-moved-what = { $when } にメールアドレスが変更されました。
mail-device-subject = { $host } のアカウントが新しいブラウザーで使われました
mail-device-what = { $label }、{ $from } から、{ $when }。
mail-device-do = ご自身であれば、何もする必要はありません。
