# The clock of the machine is set back an hour: what a citizen decides later
# still counts, entries stay in order, and nothing is lost; with the right time
# again, too.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;
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

$ENV{CONSENT_CLOCK_FILE} = $t->path('clock');
$t->write('clock', '0');

{
    local $ENV{LD_PRELOAD} = $shim;

    $t->run(<<'EOF', main => 'env CONSENT_CLOCK_FILE;');
        %%CONSENT%%
        consent_log_interval 50ms;

        server {
            listen 127.0.0.1:%%PORT_0%%;

            set $who "somebody";
            consent_identity subject=$who issuer=portal;

            location /forms/ {
                consent on;
                consent_require forms;
                proxy_pass http://127.0.0.1:%%PORT_1%%;
            }

            location /.privacy/ { consent_pages; }
        }
EOF
}

# A device of hers that has no cookie yet.
sub device { return Consent::Test::Citizen->new($t) }

sub choose {
    my ($level) = @_;
    return device()->choose(level => $level, scope => 'standing', ai => 'any')->status;
}

is(choose('forms'), 303, 'she grants');
is(device()->get('/forms/')->status, 200, 'and it is in force');

$t->write('clock', '-3600');
$t->wait_for(sub { device()->get('/forms/')->header('Date') ne '' });

is(device()->get('/forms/')->status, 200, 'an hour earlier it still is');
is(choose('needed'), 303, 'she takes it back');
is(device()->get('/forms/')->status, 403, 'and it counts, although it was decided earlier by the clock');
is(choose('forms'), 303, 'she grants again');
is(device()->get('/forms/')->status, 200, 'and that counts too');
is(choose('needed'), 303, 'and takes it back');

$t->write('clock', '0');
is(device()->get('/forms/')->status, 403, 'with the right time, the last word is the last word');
is(choose('forms'), 303, 'and the next one');
is(device()->get('/forms/')->status, 200, 'counts');

$t->quit;

my @entries = map { JSON::PP->new->decode($_)->{entry} } split /\n/, scalar $t->run_ctl('log', 'show', $t->path('store'), '--json');
my @seconds = map { $_->{time} } grep { $_->{type} !~ /^(?:decision|handoff)$/ } @entries;
my @hours = map { substr $_->{time}, 0, 13 } @entries;
is_deeply(\@hours, [sort @hours], 'hours are in order through the log');
is_deeply(\@seconds, [sort @seconds], 'seconds too');
is(scalar(grep { $_->{type} eq 'decision' } @entries), 5, 'and every decision is in it');

($status, $said) = $t->run_ctl('log', 'verify', $t->path('store'), '--key', "$keys/log.pub");
is($status, 0, 'which verifies') or diag $said;

done_testing();
