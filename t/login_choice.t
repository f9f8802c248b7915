# Logging in: the choice made before does not apply to the person, the page says
# so and offers the same one, and nothing is carried over by itself.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

my $t = Consent::Test->new;

$t->keys;
$t->policy;
$t->upstream({ body => 'hello' });

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent_identity subject=$person issuer=login;

        location / {
            set $person '';
            if ($http_x_test_login ~ ^(\w+)$) {
                set $person $1;
            }
            consent on;
            consent_require forms;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ {
            set $person '';
            if ($http_x_test_login ~ ^(\w+)$) {
                set $person $1;
            }
            consent_pages;
        }
    }
EOF

my $c = Consent::Test::Citizen->new($t);

$c->choose(level => 'forms', scope => 'standing', ai => 'none');
is($c->get('/')->status, 200, 'a choice made before the login');
my $anonymous = $c->cookie;

$c->{headers} = ['X-Test-Login', 'anna'];

is($c->get('/')->status, 403, 'does not apply to the person');
is($c->state->{status}, 'none', 'who has decided nothing');

my $r = $c->get('/.privacy/');
like($r->body, qr{class="say" role="status"}, 'the page says so');
like($r->body, qr{value="forms"[^>]*checked|checked[^>]*value="forms"}, 'and offers the same choice');
like($r->body, qr{value="none"[^>]*checked|checked[^>]*value="none"}, 'all of it');
unlike($r->body, qr{action="/\.privacy/forget"}, 'her choice is not of this device');

$r = $c->choose(level => 'forms', scope => 'standing', ai => 'any');
is($r->status, 303, 'she takes it');
is($c->get('/')->status, 200, 'and it is in force');
unlike($c->get('/.privacy/')->body, qr{class="say"}, 'nothing more is said');

my $elsewhere = Consent::Test::Citizen->new($t, headers => ['X-Test-Login', 'anna']);
is($elsewhere->get('/')->status, 200, 'on every device of hers');
is(scalar @{$elsewhere->json('GET', '/.privacy/api/v1/history')->json->{decisions}}, 1,
    'with her history');

my $other = Consent::Test::Citizen->new($t, headers => ['X-Test-Login', 'bertil']);
is($other->get('/')->status, 403, 'and nobody else\'s');

# logged out again: her decision is not the next user's

$c->{headers} = [];
is($c->get('/')->status, 403, 'her cookie opens nothing without her');
unlike($c->get('/.privacy/record')->body, qr{receipt/[0-9a-f]}, 'nor her record');

done_testing();
