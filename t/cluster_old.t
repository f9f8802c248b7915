# The stores of both nodes are old copies: each has forgotten what the other knows of it. Both begin anew, and take a snapshot of
# each other.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Cluster;

my $c = Consent::Test::Cluster->new(nodes => 2);

$c->redis;
$c->run;

my @who = map { $c->citizen } 1 .. 4;

$c->decide($who[$_], $_ % 2, 'forms') for 0 .. $#who;
ok($c->everywhere($who[$_], 'forms'), "citizen $_ is known") for 0 .. $#who;
ok($c->settled(0, 1), 'and confirmed');

for my $node ($c->nodes) {
    $node->quit;
    system('cp', '-a', $node->path('store'), $node->path('copy')) == 0 or die;
}

$c->run;
$c->decide($who[0], 0, 'needed');
$c->decide($who[1], 1, 'contact');
ok($c->everywhere($who[0], 'needed') && $c->everywhere($who[1], 'contact'), 'decided since');

for my $node ($c->nodes) {
    $node->quit;
    system('rm', '-rf', $node->path('store'), $node->path('keys/kept')) == 0 or die;
    rename $node->path('copy'), $node->path('store') or die;
}

$c->run;

ok($c->node($_)->wait_for(sub { $c->node($_)->error_log =~ /a snapshot of \d+ records was taken/ }, 20), "node $_ has one")
    for 0, 1;
ok($c->settled(0, 1), 'nothing is missing any more');

$c->decide($who[2], 0, 'needed');
$c->decide($who[3], 1, 'contact');
ok($c->everywhere($who[2], 'needed'), 'they go on');
ok($c->everywhere($who[3], 'contact'), 'both');

done_testing;
