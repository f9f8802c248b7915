# The auditors' guide: its script fetches the log over HTTP, twice, and what it
# brings holds.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;
use Consent::Test::Log;

if (!grep { -x "$_/curl" } split /:/, $ENV{PATH}) {
    print "1..0 # SKIP curl is not installed\n";
    exit 0;
}

my $t = Consent::Test->new;

$t->keys;
$t->policy;
$t->write('fetch-log', Consent::Test::Log::script());
$t->upstream({ headers => ['Content-Type', 'text/html'], body => '<!doctype html><title>a</title><p>a' });

$t->run(<<'EOF');
    %%CONSENT%%
    consent_log_interval 50ms;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        location /.privacy/ { consent_pages; }
        location /log/      { consent_log allow=127.0.0.1; }

        location /ai/ {
            consent on;
            consent_ai on;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }
    }
EOF

my $c = Consent::Test::Citizen->new($t);
my @levels = qw(forms contact needed);
my $url = 'http://127.0.0.1:' . $t->port(0) . '/log';
my @key = ('--key', $t->path('keys/log.pub'));

local $ENV{PATH} = "$ENV{BUILD}:$ENV{PATH}";

for my $n (3, 300) {
    $c->choose(level => $levels[$_ % 3], scope => 'standing', ai => 'any') for 1 .. $n;

    is($t->get('/ai/', headers => ['Accept', 'text/html'])->status, 200, 'an AI answers');

    ok($t->wait_for(sub {
        my $checkpoint = $t->get('/log/checkpoint');
        return $checkpoint->status == 200 && (split /\n/, $checkpoint->body)[1] >= $n + 4;
    }), 'decisions are published');

    my ($status, $said) = $t->command('sh', $t->path('fetch-log'), $url, $t->path('copy'));
    is($status, 0, 'the script fetches the log') or diag $said;

    ($status, $said) = $t->run_ctl('log', 'verify', $t->path('copy'), @key, $n == 3 ? () : ('--since', $t->path('last')));
    is($status, 0, 'and it holds') or diag $said;
    unlike($said, qr/not checked/, 'with the texts');

    $t->write('last', $t->read('copy/checkpoint'));
}

# the log ends, and the next one does not get mixed with it

is(($t->run_ctl('log', 'seal', $t->path('store')))[0], 0, 'it ends');
$c->choose(level => 'needed', scope => 'standing', ai => 'any');
ok($t->wait_for(sub { $t->get('/log/checkpoint')->body =~ m{^test\.example/log/1\n} }, 60), 'and the next one begins');

my ($status, $said) = $t->command('sh', $t->path('fetch-log'), $url, $t->path('copy'));
is($status, 1, 'the script does not fetch another log to it');
like($said, qr/is another log/, 'and says so');

for my $n (0, 1) {
    my $copy = $t->path($n ? 'next' : 'copy');
    ($status, $said) = $t->command('sh', $t->path('fetch-log'), "$url/$n", $copy);
    is($status, 0, "it fetches log $n") or diag $said;
    ($status, $said) = $t->run_ctl('log', 'verify', $copy, @key, $n ? () : ('--since', $t->path('last')));
    is($status, 0, 'which holds') or diag $said;
}

like($t->run_ctl('log', 'show', $t->path('copy'), '--type', 'sealed'), qr/ leaves=/, 'to its end');

ok(-e $t->path('copy/tile/0/000') && -e $t->path('copy/tile/1/000.p/1'), 'more than one tile of it');

done_testing;
