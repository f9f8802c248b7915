package Consent::Test::Tamper;

# Stands between nodes and Redis, and does what a file tells it to.
#
#   Consent::Test::Tamper->start($t, port => n, to => n, file => path);
#   Consent::Test::Tamper->endured(qw(loading slow));   # what two nodes must endure of each
#
# The file holds one word: loading, readonly, moved, half, slow, garbage, huge, nested, silent; or it is not
# there, and all goes through. What goes through is one connection for each.

use strict;
use warnings;

use IO::Select;
use IO::Socket::INET;
use Test::More ();
use Time::HiRes qw(sleep);

use Consent::Test::Cluster;

my %says = (
    loading  => "-LOADING Redis is loading the dataset in memory\r\n",
    readonly => "-READONLY You can't write against a read only replica.\r\n",
    moved    => "-MOVED 866 nowhere.invalid:1\r\n",
    garbage  => "\x00\xff\x16\x03\x01HTTP/1.1 400\r\n\r\n",
    huge     => "\$999999999\r\nx",
    nested   => '*1' . "\r\n" . "*1\r\n" x 2000,
    half     => "\$100\r\nhalf of it",
);


sub start {
    my ($class, $t, %o) = @_;

    my $listen = IO::Socket::INET->new(Listen => 32, LocalAddr => '127.0.0.1', LocalPort => $o{port},
        ReuseAddr => 1) or die "tamper: $!\n";

    $t->daemon(sub {
        $SIG{PIPE} = 'IGNORE';
        my $all = IO::Select->new($listen);
        my %peer;

        while (1) {
            for my $s ($all->can_read) {

                if ($s == $listen) {
                    my $in = $listen->accept or next;
                    my $out = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $o{to}) or next;
                    $peer{$in} = [$out, 1];
                    $peer{$out} = [$in, 0];
                    $all->add($in, $out);
                    next;
                }

                my ($to, $asks) = @{$peer{$s} // next};

                my $bytes;

                if (!sysread $s, $bytes, 65536) {
                    $all->remove($s, $to);
                    delete @peer{$s, $to};
                    close $_ for $s, $to;
                    next;
                }

                my $word = -e $o{file} ? do { open my $f, '<', $o{file}; <$f> // '' } : '';
                chomp $word;

                if (!$asks || $word eq '') {
                    select undef, undef, undef, 0.2 if $word eq 'slow';
                    syswrite $to, $bytes;

                } elsif ($word eq 'slow') {
                    syswrite $to, $bytes;

                } elsif ($says{$word}) {
                    my $commands = () = $bytes =~ /^\*\d+\r\n/mg;
                    syswrite $s, $says{$word} for 1 .. ($commands || 1);
                }
            }
        }
    });

    close $listen;
}


# Whatever Redis answers for a while: both nodes decide, are calm, and know it of each other afterwards.
sub endured {
    my ($class, @words) = @_;

    my $c;

    $c = Consent::Test::Cluster->new(nodes => 2, at => sub { 'redis://127.0.0.1:' . $c->node(0)->port('tamper') });
    $c->redis;

    my $t = $c->node(0);

    $class->start($t, port => $t->port('tamper'), to => $c->{port}, file => $t->path('word'));
    $c->run;

    my @who = map { $c->citizen } 1 .. 2;
    $c->decide($who[$_], $_, 'forms') for 0, 1;
    Test::More::ok($c->everywhere($_, 'forms'), 'known at both') for @who;

    my $round = 0;

    for my $word (@words) {
        my ($a, $b) = $round++ % 2 ? ('contact', 'forms') : ('needed', 'contact');

        $t->write('word', "$word\n");

        my $before = $c->ticks(0);
        $c->decide($who[0], 0, $a);
        $c->decide($who[1], 1, $b);
        sleep 0.4;
        Test::More::cmp_ok($c->ticks(0) - $before, '<', 30, "$word: the workers are calm");
        Test::More::is($c->seen($who[0], 0), $a, "$word: decided all the same");

        unlink $t->path('word');

        Test::More::ok($c->everywhere($who[0], $a, 20), "$word: and known at both afterwards");
        Test::More::ok($c->everywhere($who[1], $b, 20), "$word: either way");
    }
}


1;
