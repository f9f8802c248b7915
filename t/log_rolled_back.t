# A store that is not the one whose log was last signed, because somebody has
# put an old copy in its place: nothing is published or decided, loudly; the
# portal is served at the most private level. With the right store all is well.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;
use Consent::Test::Log;

my $t = Consent::Test->new;

$t->keys;
$t->policy;
$t->upstream({ body => 'hello' });

my $http = <<'EOF';
    %%CONSENT%%
    consent_log_interval 50ms;

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location /forms/ {
            consent on;
            consent_require forms;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location / {
            consent on;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ { consent_pages; }
        location /log/      { consent_log allow=127.0.0.1; }
        location /metrics   { consent_metrics allow=127.0.0.1; }
    }
EOF

$t->run($http, workers => 2);

my $log = Consent::Test::Log->new($t);
my $c = Consent::Test::Citizen->new($t);

sub size {
    my $r = $log->get('checkpoint');
    return $r->status == 200 ? $log->read_checkpoint($r->body)->{size} : 0;
}

sub still {
    $t->wait_for(sub { my $n = size(); select undef, undef, undef, 0.2; return $n && $n == size() });
}

$c->choose(level => 'forms', scope => 'standing', ai => 'any');
is($c->get('/forms/')->status, 200, 'a grant');
still();
$t->quit;

# a copy of now; then she withdraws

system 'cp', '-a', $t->path('store'), $t->path('copy');
$t->start;
$c->choose(level => 'needed', scope => 'standing', ai => 'any');
is($c->get('/forms/')->status, 403, 'is withdrawn');
still();
my $signed = $log->checkpoint;
$t->quit;

rename $t->path('store'), $t->path('right');
system 'cp', '-a', $t->path('copy'), $t->path('store');
$t->start;

like($t->error_log, qr{\[error\].*consent: the store is shorter than what was last signed: its log has \d+ entries, not \d+},
    'an old copy is known at the start');

# in a browser of her own that remembers nothing of the withdrawal
my $old = Consent::Test::Citizen->new($t);

is($old->get('/')->body, 'hello', 'the portal is served');
is($c->get('/forms/')->status, 403, 'at the most private level');
is($old->choose(level => 'forms', scope => 'standing', ai => 'any')->status, 503, 'no decision is taken');
is($old->get('/forms/')->status, 403, 'nor in force');
like($t->get('/metrics')->body, qr/^consent_log_refused 1$/m, 'a figure tells');
ok($t->wait_for(sub { $t->error_log =~ /decisions cannot be saved/ }), 'so does the error log');

select undef, undef, undef, 0.3;
is($log->read_checkpoint($t->read('keys/kept/checkpoint'))->{note}, $signed->{note}, 'nothing was signed');

my ($status, $said) = $t->run_ctl('store', 'stat', $t->path('store'), '--keys', $t->path('keys'));
is($status, 1, 'consentctl says so, too');
like($said, qr/shorter than what was last signed/, 'and why');

$t->quit;

# nothing at all in its place

system 'rm', '-r', $t->path('store');
$t->start;
is($old->choose(level => 'forms', scope => 'standing', ai => 'any')->status, 503, 'a new store is none');
ok($t->wait_for_log(qr/has nothing of the log that was last signed/), 'as the error log says');
$t->quit;

# the right one

system 'rm', '-rf', $t->path('store');
rename $t->path('right'), $t->path('store');
$t->start;
is($c->choose(level => 'contact', scope => 'standing', ai => 'any')->status, 303, 'the right one is well');
ok($t->wait_for(sub { size() > $signed->{size} }), 'and published on');
is(scalar($log->entries($signed)), $signed->{size}, 'behind what was signed before');
like($t->get('/metrics')->body, qr/^consent_log_refused 0$/m, 'a figure tells');

($status, $said) = $t->run_ctl('store', 'stat', $t->path('store'), '--keys', $t->path('keys'));
is($status, 0, 'consentctl says so, too');

done_testing();
