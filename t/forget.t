# "Forget me on this device" takes our cookie off it. The decision stays with
# the subject that nobody has the cookie of any more.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

my $t = Consent::Test->new;

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location /.privacy/ {
            consent_pages;
        }
    }
EOF

my $c = Consent::Test::Citizen->new($t);

unlike($c->get('/.privacy/')->body, qr{action="/\.privacy/forget"},
    'who is not known need not be forgotten');

$c->choose(level => 'forms', scope => 'standing', ai => 'any');
my $receipt = $c->state->{receipt};

my %form = $c->form($c->get('/.privacy/'), '/.privacy/forget');
my $choice = { $c->form($c->get('/.privacy/')) }->{token};

is($c->post('/.privacy/forget', [%{{ %form, token => $choice }}])->status, 403,
    'the token of another form is none');
ok($c->cookie, 'and changes nothing');

my $r = $c->post('/.privacy/forget', [%form]);
is($r->status, 303, 'one step');
is($r->header('Set-Cookie'), 'consent=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax',
    'the cookie is taken away');
is($c->cookie, undef, 'and gone');

$r = $c->get($r->header('Location'));
like($r->text, qr{<title>Klart}, 'the page says so');
is($c->state->{status}, 'none', 'nothing is known');
is($c->get("/.privacy/receipt/$receipt")->status, 404,
    'nor does the record open to this device');
is($c->get('/.privacy/forget')->status, 405, 'no link does it');

done_testing();
