# A store that may not be written: nobody's decision is known to be in force, and
# none is taken, until it may be written again.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

my $t = Consent::Test->new;

plan(skip_all => 'needs root, to run workers as another') if !$t->user;

$t->keys;
$t->policy;
$t->upstream({ body => 'hello' });

$t->run(<<'EOF');
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
    }
EOF

my $c = Consent::Test::Citizen->new($t);
$c->choose(level => 'forms', scope => 'standing', ai => 'any');
is($c->get('/forms/')->status, 200, 'a decision');
$t->quit;

my @files = map { $t->path("store/$_") } qw(data.mdb lock.mdb recent);
chown 0, 0, grep { -e } @files;
chmod 0444, grep { -e } @files;
$t->start;

ok($t->wait_for_log(qr{\[error\].*consent: .*; decisions cannot be saved}), 'it is said');
is($c->get('/')->body, 'hello', 'the portal is served');

my $r = $c->choose(level => 'needed', scope => 'standing', ai => 'any');
is($r->status, 503, 'a decision is not taken');
like($r->text, qr{Inget har ändrats}, 'and nothing has changed');

chown((getpwnam $t->user)[2, 3], @files);
chmod 0600, @files;
ok($t->wait_for(sub { $c->choose(level => 'contact', scope => 'standing', ai => 'any')->status == 303 }, 40),
    'until it may be written');
is($c->state->{level}, 'contact', 'in force');
is(scalar @{$c->json('GET', '/.privacy/api/v1/history')->json->{decisions}}, 2, 'with what was before');

done_testing();
