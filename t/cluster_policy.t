# A decision under a version of the policy that only another node knows grants nothing until that version has come too; then it
# does, without a reload.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Cluster;

my $c = Consent::Test::Cluster->new(nodes => 2);

$c->redis;
$c->run;

my $who = $c->citizen;
$c->decide($who, 1, 'forms');
ok($c->everywhere($who, 'forms'), 'known at both, which have one version');

# at the first another one is in force, and the second does not hear of it

$c->redis_kill;

my $policy = $c->node(0)->policy(sub { $_[0]{version} = '2999-01-01' });
ok($c->node(0)->reload($c->conf(0), workers => 2, drain => 1), 'a new version at the first');
$c->{version} = $policy->{version};
$c->decide($who, 0, 'forms');

# what her cookie has is in force wherever she is
sub by_cookie {
    my ($n) = @_;

    local $who->{browser}{t} = $c->node($n);
    my $r = $who->{browser}->state;

    return $r->{level};
}

is(by_cookie(0), 'forms', 'it grants where it was decided');
isnt(by_cookie(1), 'forms', 'and nothing where nobody knows what it means');
is($c->seen($who, 1), 'forms', 'a cookie of before has what the store has');

my @workers = sort $c->node(1)->workers;

$c->redis;
ok($c->everywhere($who, 'forms', 25), 'when Redis is back');
ok($c->settled(0, 1), 'and all is told');

# each worker that is asked reads it for itself
is(by_cookie(1), 'forms', 'it grants there too') for 1 .. 8;

my $other = $c->citizen;
$c->decide($other, 0, 'contact');
ok($c->everywhere($other, 'contact'), 'as does what is decided under it since');
is_deeply([sort $c->node(1)->workers], \@workers, 'without a reload');

done_testing;
