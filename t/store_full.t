# A store at its size takes no further grant, and says so; to stop sharing goes
# in to the last.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

my $t = Consent::Test->new;

$t->keys;
my $policy = $t->policy;
$t->upstream({ body => 'hello' });

$t->run(<<'EOF');
    consent_policy %%DIR%%/policy.json;
    consent_keys %%DIR%%/keys;
    consent_store %%DIR%%/store size=1m;

    server {
        listen 127.0.0.1:%%PORT_0%%;

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

my $c = Consent::Test::Citizen->new($t);
$c->choose(level => 'forms', scope => 'standing', ai => 'any');

my $leaver = Consent::Test::Citizen->new($t);
$leaver->choose(level => 'forms', scope => 'standing', ai => 'any');

# others fill it

my $k = $t->connect;
my ($taken, $r) = (0);

for (1 .. 5000) {
    $r = $k->request('PUT', '/.privacy/api/v1/state',
        json => { policy_version => $policy->{version}, level => 'contact' });
    last if $r->status != 200;
    $taken++;
}

is($r->status, 503, "after $taken decisions it is full");
is($r->header('Content-Type'), 'application/problem+json', 'which is said');
is($r->header('Set-Cookie'), undef, 'and no cookie set');
ok($taken > 100, 'not before');

my $used = $t->get('/metrics')->body =~ /^consent_store_used_bytes (\d+)$/m ? $1 : 0;
ok($used > 0.8 * 1024 * 1024, 'it is nearly full') or diag $used;

# what another, or the log's publishing, has left free may still take some

for (1 .. 1000) {
    $r = Consent::Test::Citizen->new($t)->choose(level => 'forms', scope => 'session', ai => 'any');
    last if $r->status == 503;
}

is($r->status, 503, 'a form is told the same');
is($c->get('/forms/')->status, 200, 'what is in force stays');

my %form = $leaver->form($leaver->get('/.privacy/record'), '/.privacy/withdraw');

for my $n (1 .. 5) {
    is($leaver->post('/.privacy/withdraw', [%form])->status, 303, 'to stop sharing goes in');
}
is($leaver->state->{status}, 'withdrawn', 'and is in force');
is($leaver->get('/forms/')->status, 403, 'at once');

is($c->get('/.privacy/record')->status, 200, 'records are read');
ok($t->workers, 'and the worker lives');

done_testing();
