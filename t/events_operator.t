# The portal is told of what an operator does beside nginx, too: a withdrawal by
# mail, a lesser choice at a counter, an erasure, and what a restored store has
# taken back. It is told by nginx, from the same queue, or not without the keys.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;
use JSON::PP ();

my $t = Consent::Test->new;
my $portal = $t->upstream({ status => 204 });
my $keys = $t->keys;
my $policy = $t->policy;

$t->run(<<'EOT', workers => 2);
    %%CONSENT%%
    consent_event_pass /told;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        set $who $http_x_who;
        consent_identity subject=$who issuer=portal;

        location / { return 200 here; }
        location /.privacy/ { consent_pages; }
        location = /told { internal; proxy_pass http://127.0.0.1:%%PORT_1%%/events; }
    }
EOT

my $store = $t->path('store');
my %seen;

# What the portal was told since it was last asked for, n events, by what they are of.
sub told {
    my ($n) = @_;

    my @new;
    $t->wait_for(sub {
        @new = grep { !$seen{$_->{id}} } map { JSON::PP::decode_json($_->body) } $portal->requests;
        return @new >= $n;
    }, 60) or diag(scalar(@new) . " events, not $n");
    $seen{$_->{id}} = 1 for @new;

    return @new;
}

sub ctl {
    my ($status, $what, @words) = @_;

    my ($was, $said) = $t->run_ctl(@words);
    is($was, $status, $what) or diag($said);

    return $said;
}

my %c = map { ($_ => Consent::Test::Citizen->new($t, headers => ['X-Who', $_])) } qw(anna bea cia dan);
my %of;

for my $name (sort keys %c) {
    $c{$name}->choose(level => 'forms', scope => 'standing', ai => 'any');
    $of{$name} = $c{$name}->json('GET', '/.privacy/api/v1/record')->json->{subject};
}

my @all = sort map { $_->{id} } grep { $_->{legal_basis} eq 'consent' } @{$policy->{categories}};
my ($forms) = map { [sort @{$_->{shares}}] } grep { $_->{id} eq 'forms' } @{$policy->{levels}};

# by mail, at a counter

my $said = ctl(0, 'a withdrawal by mail', 'withdraw', $store, $of{anna}, '--keys', $keys, '--json');
ok(JSON::PP::decode_json($said)->{event}, 'an event goes with it');
my ($event) = told(1);
is($event->{type}, 'withdrawn', 'the portal is told');
is($event->{subject}, $of{anna}, 'of whom');
is_deeply([sort @{$event->{categories}}], $forms, 'and what');
is($event->{policy}, 'exempelkommun', 'under which policy');

like(ctl(0, 'a lesser choice at a counter', 'record', $store, $of{bea}, '--level', 'contact', '--case', 'x', '--keys', $keys),
    qr/An event waits for the portal/, 'which says so');
($event) = told(1);
is("$event->{type} @{$event->{categories}}", 'lowered identity', 'is told as what it is');

$said = ctl(0, 'a greater one', 'record', $store, $of{bea}, '--level', 'forms', '--case', 'x', '--keys', $keys, '--json');
ok(!JSON::PP::decode_json($said)->{event}, 'takes nothing away');

like(ctl(0, 'without keys', 'record', $store, $of{bea}, '--level', 'needed', '--case', 'x'),
    qr/Without --keys, no event tells the portal/, 'nobody can be told, which is said');

ctl(0, 'an erasure', 'erase', $store, $of{cia}, '--keys', $keys);
($event) = told(1);
is($event->{type}, 'erased', 'is told');
is($event->{subject}, $of{cia}, 'of whom');
is_deeply([sort @{$event->{categories}}], \@all, 'with all that she could ever share');

ctl(0, 'a hold', 'hold', $store, $of{dan});
ctl(1, 'refuses an erasure', 'erase', $store, $of{dan}, '--keys', $keys);
ctl(0, 'which is released', 'hold', $store, $of{dan}, '--release');
is($c{dan}->state->{level}, 'forms', 'and nothing was told or changed');

# a store that was lost

ctl(0, 'a backup', 'store', 'backup', $store, $t->path('backup'));
$c{bea}->choose(level => 'forms', scope => 'standing', ai => 'any');
ctl(0, 'an erasure after it', 'erase', $store, $of{bea}, '--keys', $keys);
is((told(1))[0]{subject}, $of{bea}, 'is told');
$t->quit;
rename $store, $t->path('lost') or die;

$said = ctl(0, 'a restored store', 'store', 'restore', $t->path('backup'), $store, '--keys', $keys, '--json');
my $restored = JSON::PP::decode_json($said);
is("$restored->{lapsed} $restored->{erased}", '1 1', 'takes back one grant, and one citizen is erased again');
$t->start;

my %what = map { ("$_->{type} $_->{subject}" => [sort @{$_->{categories}}]) } told(2);
is_deeply(\%what, { "lapsed $of{dan}" => $forms, "erased $of{bea}" => \@all }, 'and the portal is told of both');

$t->quit;
my ($waiting) = $t->run_ctl('store', 'stat', $store) =~ /messages waiting +(\d+)/;
is($waiting // 0, 0, 'nothing waits any more');
is(scalar keys %seen, 6, 'and nothing else was told');

done_testing();
