# The demonstration with two nodes: what is chosen is in force whichever is asked, and nothing is left behind.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;
use Consent::Test::Demo;

my $t = Consent::Test->new;
my $demo = Consent::Test::Demo->start($t, script => 'cluster');

like($demo->said, qr{http://127\.0\.0\.1:@{[$t->port(0)]}/\.privacy/}, 'the pages to open are printed');

my %nodes = map { ($t->get('/.privacy/')->header('X-Node') => 1) } 1 .. 4;
is(join(' ', sort keys %nodes), 'node1 node2', 'two nodes are asked in turn');

my $c = Consent::Test::Citizen->new($t);

is($c->choose(level => 'forms', scope => 'standing', ai => 'any')->status, 303, 'she chooses');

my $old = $c->cookie;

is($c->state->{level}, 'forms', 'in force wherever she is') for 1 .. 4;

is($c->choose(level => 'needed', ai => 'any')->status, 303, 'and stops sharing');

# without what her cookie says of it: both nodes know by themselves

my %level;

ok($t->wait_for(sub {
    my $r = $t->request('GET', '/.privacy/api/v1/state', cookie => "consent=$old",
        headers => ['Accept', 'application/json']);
    $level{$r->header('X-Node')} = $r->json->{level};
    return ($level{node1} // '') eq 'needed' && ($level{node2} // '') eq 'needed';
}), 'which both nodes know');

$demo->stop('INT');
is_deeply([glob $t->path('demo/consent-demo.*')], [], 'it leaves nothing behind');

done_testing;
