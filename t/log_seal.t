# A log ends while nginx runs, and the next one begins under its own name: both
# verify, nothing is decided twice or lost, and what the first one signed last
# stays signed. Its entries can go later, by a decision that the log names.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;
use Consent::Test::Log;
use JSON::PP ();

my $t = Consent::Test->new;
my $keys = $t->keys;
$t->policy;
$t->upstream({ body => 'hello' });

$t->run(<<'EOF', workers => 2);
    %%CONSENT%%
    consent_log_interval 50ms;

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location /forms/ {
            consent on;
            consent_require forms;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ { consent_pages; }
        location /log/      { consent_log allow=127.0.0.1; }
    }
EOF

my $store = $t->path('store');
my $first = Consent::Test::Log->new($t);
my $c = Consent::Test::Citizen->new($t);

$c->choose(level => 'forms', scope => 'standing', ai => 'any');
ok($t->wait_for(sub { $first->get('checkpoint')->status == 200
    && $first->has($first->checkpoint, sub { $_[0]{type} eq 'decision' }) }, 60), 'a decision is published');

my ($status, $said) = $t->run_ctl('log', 'seal', $store, '--json');
is($status, 0, 'the log is sealed beside nginx') or diag $said;
my $sealed = JSON::PP->new->decode($said);
is($sealed->{next}, 'test.example/log/1', 'and the next one has a name');

is($c->get('/forms/')->status, 200, 'what is in force stays in force');
$c->choose(level => 'contact', scope => 'standing', ai => 'any');
is($c->state->{level}, 'contact', 'and she decides as before');

my $second = Consent::Test::Log->new($t, number => 1);
ok($t->wait_for(sub { $second->get('checkpoint')->body =~ m{^test\.example/log/1\n}
    && $second->has($second->checkpoint, sub { $_[0]{type} eq 'decision' }) }, 60), 'the next log is published');
is(scalar($second->has($second->checkpoint, sub { $_[0]{type} eq 'sealed' })), 0, 'and begins behind the end');

# each is served under its number, and the newest without one

my %of = map { $_ => Consent::Test::Log->new($t, number => $_, base => "/log/$_/") } 0, 1;
my $end = $of{0}->checkpoint;
is($end->{size}, $sealed->{leaves}, 'the one that has ended is served to its end');
is(scalar($of{0}->entries($end)), $sealed->{leaves}, 'with all that is in it');
is(scalar($of{0}->has($end, sub { $_[0]{type} eq 'sealed' })), 1, 'and how it ended');
is_deeply([$of{1}->entries($of{1}->checkpoint)]->[0], [$second->entries($second->checkpoint)]->[0], 'the newest is the next one');
is($of{0}->get('tile/0/000.p/2')->header('Cache-Control'), 'private, max-age=31536000, immutable', 'what has a number is for ever');
is($second->get('tile/0/000.p/2')->header('Cache-Control'), 'private, max-age=1', 'what has none is not');

for my $n (0, 1) {
    ok($t->wait_for(sub { $second->has($second->checkpoint, sub { $_[0]{type} eq 'audit' && $_[0]{log} == $n
        && $_[0]{bundles} > 0 }) }, 60), "that log $n was read is told");
}

for my $n (0, 1) {
    ($status, $said) = $t->run_ctl('log', 'verify', $store, '--key', "$keys/log.pub", '--log', $n);
    is($status, 0, "log $n verifies") or diag $said;
}

like(scalar $t->run_ctl('log', 'show', $store, '--type', 'sealed', '--json'), qr/"leaves":$sealed->{leaves},"log":0/,
    'the last entry says how long it is');

# its entries

is(($t->run_ctl('log', 'prune', $store))[0], 2, 'nothing goes without a decision');
is(($t->run_ctl('log', 'prune', $store, '--decision', $_))[0], 2, 'that names no person')
    for '19121212-1212', 'a@b.example', '', "x\ny", 'x' x 300;
($status, $said) = $t->run_ctl('log', 'prune', $store, '--decision', 'KS 2026/55');
is($status, 1, 'nor while a decision in it can be in force');
like($said, qr/may still be in force/, 'which is said');
is(($t->run_ctl('log', 'verify', $store, '--key', "$keys/log.pub", '--log', 0))[0], 0, 'all is there');

# without nginx, signed at once

$t->quit;
($status, $said) = $t->run_ctl('log', 'seal', $store, '--keys', $keys);
is($status, 0, 'sealed with the keys') or diag $said;
like($said, qr/Both are signed/, 'it is signed at once');
like($t->read('keys/kept/checkpoint'), qr{^test\.example/log/}, 'and kept beside them');

$t->start;
is($c->state->{level}, 'contact', 'nginx goes on');
$c->choose(level => 'forms', scope => 'standing', ai => 'any');
my $third = Consent::Test::Log->new($t, number => 2);
ok($t->wait_for(sub { $third->get('checkpoint')->body =~ m{^test\.example/log/2\n}
    && $third->has($third->checkpoint, sub { $_[0]{type} eq 'decision' }) }, 60), 'with the third log');

done_testing();
