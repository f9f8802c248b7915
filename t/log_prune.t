# The entries of a log that has ended go by a decision that the next log names, and not while it alone tells what is in force.
# What is left of it verifies, in the store and as files.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;
use Consent::Test::Log;
use JSON::PP ();

if ($ENV{ASAN_OPTIONS}) {
    Test::More::plan(skip_all => 'what is preloaded comes too late for a sanitizer');
}

my $t = Consent::Test->new;
my $keys = $t->keys;
$t->policy;
$t->upstream({ body => 'hello' });

my $shim = $t->path('clock_shim.so');
my ($status, $said) = $t->command($ENV{CC} // 'cc', '-std=c11', '-D_GNU_SOURCE', '-fPIC', '-shared', '-o', $shim,
    'tests/preload/clock_shim.c');
is($status, 0, 'a clock can be set') or diag $said;
$t->write('clock', 400 * 24 * 60 * 60);

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
my $log = Consent::Test::Log->new($t);
my $second = Consent::Test::Log->new($t, number => 1);
my $c = Consent::Test::Citizen->new($t);

sub verify { return $t->run_ctl('log', 'verify', @_, '--key', "$keys/log.pub") }


# More than a year later, as far as the tool knows.
sub prune {
    local @ENV{qw(LD_PRELOAD CONSENT_CLOCK_FILE)} = ($shim, $t->path('clock'));

    return $t->run_ctl('log', 'prune', $store, '--decision', 'KS 2026/55');
}


$c->choose(level => 'forms', scope => 'standing', ai => 'any');
ok($t->wait_for(sub { $log->get('checkpoint')->status == 200
    && $log->has($log->checkpoint, sub { $_[0]{type} eq 'decision' }) }, 60), 'a decision is published');

my $sealed = JSON::PP->new->decode(scalar $t->run_ctl('log', 'seal', $store, '--json'));
ok($t->wait_for(sub { ($t->run_ctl('log', 'export', $store, $t->path('before'), '--log', 0))[0] == 0
    && $t->read('before/checkpoint') =~ /^$sealed->{leaves}$/m }, 60), 'it ends, and is copied');

$c->choose(level => 'contact', scope => 'standing', ai => 'any');
ok($t->wait_for(sub { $second->get('checkpoint')->body =~ m{^test\.example/log/1\n} }, 60), 'the next one is published');

like(scalar $t->run_ctl('store', 'stat', $store), qr{^log\ +test\.example/log,\ $sealed->{leaves}\ of\ $sealed->{leaves}\ entries
    \ published,\ may\ be\ pruned\ from\ 20\d\d-.*^log\ +test\.example/log/1,}msx, 'figures tell when it may go');

($status, $said) = prune();
is($status, 1, 'it does not go while it alone tells what is in force');
like($said, qr/reload nginx first/, 'which is said');
unlike(scalar verify($store, '--log', 0), qr/^pruned/m, 'all is there');

$t->reload;
ok($t->wait_for(sub { $second->has($second->checkpoint, sub { $_[0]{type} eq 'config' }) }, 60), 'the next one tells it too');
($status, $said) = prune();
is($status, 0, 'then it goes') or diag $said;

ok($t->wait_for(sub { $second->has($second->checkpoint, sub { $_[0]{type} eq 'pruned' }) }, 60), 'by a decision that is named');
my ($first, $next) = @{JSON::PP->new->decode(scalar $t->run_ctl('store', 'stat', $store, '--json'))->{logs}};
is_deeply([@$first{qw(origin pruned prunable)}, @$next{qw(origin pruned ended)}], ['test.example/log', JSON::PP::true, undef,
    'test.example/log/1', JSON::PP::false, JSON::PP::false], 'figures tell that it is gone');
like(scalar verify($store, '--log', 0), qr{^pruned\ +$sealed->{leaves}\ of\ them\ by\ "KS\ 2026/55",\ entry\ \d+\ of\ test\.example/log/1$
    .*^What\ is\ left\ of\ the\ log\ holds\.$}msx, 'what is left of it holds');
($status, $said) = verify($store);
is($status, 0, 'and so does the next one') or diag $said;

is(($t->run_ctl('log', 'export', $store, $t->path("log$_"), '--log', $_))[0], 0, "log $_ is exported") for 0, 1;
is((verify($t->path('log0'), '--pruned', $t->path('log1'), '--since', $t->path('before/checkpoint')))[0], 0,
    'it verifies as files');
is((verify($t->path('log0')))[0], 1, 'not without the log that names the decision');
is((verify($t->path('before')))[0], 0, 'who has a copy of before has all of it');

my $gone = Consent::Test::Log->new($t, base => '/log/0/');
is($gone->checkpoint->{size}, $sealed->{leaves}, 'its last checkpoint is served');
is($gone->get("tile/0/000.p/$sealed->{leaves}")->status, 200, 'and its tiles');
is($gone->get("tile/entries/000.p/$sealed->{leaves}")->status, 404, 'its entries are not');

$t->write('fetch-log', Consent::Test::Log::script());
for my $n (0, 1) {
    local $ENV{PATH} = "$ENV{BUILD}:$ENV{PATH}";
    ($status, $said) = $t->command('sh', $t->path('fetch-log'), 'http://127.0.0.1:' . $t->port(0) . "/log/$n", $t->path("fetched$n"));
    is($status, 0, "log $n is fetched as the auditors' guide does") or diag $said;
    like($said, qr{/log/0/tile/entries/\S+ is not there}, 'which says what is gone') if $n == 0;
}
is((verify($t->path('fetched0'), '--pruned', $t->path('fetched1')))[0], 0, 'and what came holds');

is($c->state->{level}, 'contact', 'what is in force stays in force');

done_testing();
