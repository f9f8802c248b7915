# A store that cannot be opened stops nobody: pages are served at the most
# private level, a decision is refused in plain words, and all is well again
# once the store is, without a restart.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

my $t = Consent::Test->new;

$t->keys;
my $policy = $t->policy;
$t->upstream({ body => 'hello' });

my $http = <<'EOF';
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location / {
            consent on;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /forms/ {
            consent on;
            consent_require forms;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ {
            consent_pages;
        }

        location /metrics {
            consent_metrics allow=127.0.0.1;
        }
    }
EOF

# what stands in the store's place is none

$t->write('store/data.mdb', 'no store of ours' x 1000);
chown((getpwnam $t->user)[2, 3], $t->path('store'), $t->path('store/data.mdb')) if $t->user;

$t->run($http, workers => 2);

ok($t->wait_for_log(qr{\[error\].*consent: .*; decisions cannot be saved}), 'it is said');

my $c = Consent::Test::Citizen->new($t);

is($c->get('/')->body, 'hello', 'the portal is served');
is($c->get('/forms/')->status, 403, 'at the most private level');
is($c->get('/.privacy/')->status, 200, 'with its pages');
is($c->state->{level}, 'needed', 'the state is the most private');
is($c->get('/.privacy/record')->status, 200, 'the record page says what it can');
like($t->get('/metrics')->body, qr/^consent_store_up 0$/m, 'metrics tell');

my $r = $c->choose(level => 'forms', scope => 'standing', ai => 'none');
is($r->status, 503, 'a decision is not taken');
like($r->text, qr{<title>Fel.*Vi kunde inte spara ditt val\. Inget har ändrats}s, 'in plain words');
like($r->body, qr{tel:}, 'with a way to a person');
like($r->body, qr{[0-9a-f]{8}}, 'and a code');
like($r->body, qr{value="forms"[^>]*checked|checked[^>]*value="forms"}, 'what was filled in is kept');
is($c->cookie, undef, 'no cookie is set');

my %again = $c->form($r);

$r = $c->request('PUT', '/.privacy/api/v1/state', headers => ['Origin', $c->origin],
    json => { policy_version => $policy->{version}, level => 'forms' });
is($r->status, 503, 'nor by the API');
is($r->header('Content-Type'), 'application/problem+json', 'as a problem');
is($c->request('DELETE', '/.privacy/api/v1/state')->status, 503, 'nor a withdrawal');

is(scalar(() = $t->error_log =~ /decisions cannot be saved/g), 2, 'each worker says it once');

# the store is repaired

unlink $t->path('store/data.mdb'), $t->path('store/lock.mdb');

$r = $c->post('/.privacy/', [%again, level => 'forms', scope => 'standing', ai => 'none']);
is($r->status, 303, 'the same form is taken once there is a store');
ok($t->wait_for(sub { $c->get('/forms/')->status == 200 }), 'and in force');
ok($t->wait_for_log(qr{\[notice\].*the store takes decisions again}), 'it is said too');
ok($t->wait_for(sub { $t->get('/metrics')->body =~ /^consent_store_up 1$/m }), 'metrics tell');

ok($t->wait_for(sub { 2 == (() = $t->error_log =~ /takes decisions again/g) }, 40),
    'the other worker finds out by itself');
ok(!(grep { $c->get('/forms/')->status != 200 } 1 .. 20), 'and knows the decision');

is($c->json('GET', '/.privacy/api/v1/history')->json->{decisions}[0]{status}, 'given', 'with its record');

# the directory is taken away while nginx runs

rename $t->path('store'), $t->path('elsewhere');
$r = $c->choose(level => 'fitted', scope => 'standing', ai => 'any');
is($r->status, 503, 'what would be lost is not taken');
is($c->get('/')->body, 'hello', 'the portal is served');

rename $t->path('elsewhere'), $t->path('store');
ok($t->wait_for(sub { $c->choose(level => 'fitted', scope => 'standing', ai => 'any')->status == 303 }),
    'until it is there again');
is($c->state->{level}, 'fitted', 'in force');

done_testing();
