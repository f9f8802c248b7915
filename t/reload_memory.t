# Two hundred reloads leave the master as small as twenty: what a configuration
# holds outside nginx's pools goes with it.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

# what a sanitizer keeps of freed memory, to find its late use, is no leak
$ENV{ASAN_OPTIONS} = join ':', grep { defined } $ENV{ASAN_OPTIONS},
    'quarantine_size_mb=1:thread_local_quarantine_size_kb=64' if $ENV{SANITIZE};

my $t = Consent::Test->new;

$t->keys;
$t->policy(sub { push @{$_[0]{categories}[1]{carriers}{text}},
    { name => 'case-number', regex => 'K-[0-9]{6}' } });

$t->command('openssl', 'genpkey', '-algorithm', 'RSA', '-out', $t->path('rsa.pem'), '-pkeyopt',
    'rsa_keygen_bits:2048');
chmod 0600, $t->path('rsa.pem');
$t->command('openssl', 'pkey', '-in', $t->path('rsa.pem'), '-pubout', '-out', $t->path('rsa.pub'));
$t->write('shell.html', '<!doctype html><html><body><!-- consent:main --></body></html>');
$t->write('assets/a.css', 'x' x 1000);

$t->run(<<'EOF');
    %%CONSENT%%
    consent_identity cookie=sid alg=RS256 key=%%DIR%%/rsa.pub issuer=i;
    consent_assertion alg=RS256 key=%%DIR%%/rsa.pem;

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location / {
            consent on;
            consent_ai on model=m;
        }

        location /.privacy/ {
            consent_pages shell=%%DIR%%/shell.html assets=%%DIR%%/assets;
        }

        location /m {
            consent_metrics allow=127.0.0.1;
        }
    }
EOF

# memory of the master that is no file's, in KB; what it shares with its workers
# counts
sub size {
    open my $f, '<', '/proc/' . $t->pid . '/status' or return 0;
    my ($size) = join('', <$f>) =~ /^RssAnon:\s+(\d+)/m;
    return $size;
}

sub reloads {
    for (1 .. $_[0]) {
        $t->reload or return 0;
    }
    $t->wait_for(sub { 1 == (() = $t->workers) }, 30);
    return 1;
}

ok(reloads(20), 'twenty reloads');
my $before = size();
ok($before, "the master has $before KB");

my $c = Consent::Test::Citizen->new($t);
is($c->choose(level => 'forms', scope => 'standing', ai => 'any')->status, 303, 'a decision in between');

ok(reloads(180), 'and a hundred and eighty more');
my $after = size();

# a leak of one key alone would come to more; the heap's own unrest does not
my $room = $ENV{SANITIZE} ? 40_000 : 600;
cmp_ok($after, '<', $before + $room, "leave it at $after KB");

is($c->state->{level}, 'forms', 'the decision is still there');

done_testing();
