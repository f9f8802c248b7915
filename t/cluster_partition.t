# A node that is cut off decides on its own; when it is back, what each citizen decided last is in force at all. Clocks that are
# apart change nothing.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Cluster;
use IO::Select;
use IO::Socket::INET;

my ($c, $wall);

$c = Consent::Test::Cluster->new(nodes => 2, at => sub {
    return 'redis://127.0.0.1:' . ($_[0] == 1 ? $c->node(0)->port('relay') : $c->{port});
});

$c->redis;

# The way of node 1 to Redis; a file in the way closes it, without a word.

$wall = $c->node(0)->path('wall');
my $listen = IO::Socket::INET->new(Listen => 16, LocalAddr => '127.0.0.1', LocalPort => $c->node(0)->port('relay'),
    ReuseAddr => 1) or die;

$c->node(0)->daemon(sub {
    $SIG{PIPE} = 'IGNORE';
    my ($all, %peer) = (IO::Select->new($listen));

    while (1) {
        for my $s ($all->can_read(0.02)) {

            if (-e $wall) {
                $all->remove($listen);
                select undef, undef, undef, 0.05 while -e $wall;
                $all->add($listen);
                close $_ for values %peer;
                $all->remove(values %peer);
                %peer = ();
                last;
            }

            if ($s == $listen) {
                my $in = $listen->accept or next;
                my $out = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $c->{port}) or next;
                @peer{$in, $out} = ($out, $in);
                $all->add($in, $out);
                next;
            }

            my $to = $peer{$s} or next;

            if (!sysread $s, my $bytes, 65536) {
                $all->remove($s, $to);
                delete @peer{$s, $to};
                close $_ for $s, $to;
            } else {
                syswrite $to, $bytes;
            }
        }
    }
});

close $listen;

$c->run;

my @who = map { $c->citizen } 1 .. 4;
$c->decide($who[$_], $_ % 2, 'forms') for 0 .. $#who;
ok($c->everywhere($who[$_], 'forms'), "citizen $_ is known at both") for 0 .. $#who;

$c->node(0)->write('wall', '');

$c->decide($who[0], 0, 'needed');
$c->decide($who[1], 1, 'needed');
$c->decide($who[2], 0, 'contact');
$c->decide($who[2], 1, 'needed');
$c->decide($who[3], 1, 'needed');
$c->decide($who[3], 0, 'contact');

is($c->seen($who[0], 0), 'needed', 'decided on one side');
is($c->seen($who[1], 1), 'needed', 'and on the other');
is($c->seen($who[1], 0), 'forms', 'neither hears of the other');

{
    local $who[1]{browser}{t} = $c->node(0);
    is($who[1]{browser}->state->{level}, 'needed', 'but for her cookie, which has it');
}

unlink $wall;

ok($c->everywhere($who[0], 'needed', 25), 'afterwards both know');
ok($c->everywhere($who[1], 'needed'), 'of both sides');
ok($c->everywhere($who[2], 'needed'), 'and what she decided last counts');
ok($c->everywhere($who[3], 'contact'), 'whichever side that was');

done_testing;
