package Consent::Test::Tamper;

# Stands between nodes and Redis, and does what a file tells it to.
#
#   Consent::Test::Tamper->start($t, port => n, to => n, file => path);
#
# The file holds one word: loading, readonly, moved, half, slow, garbage, huge, nested, silent; or it is not
# there, and all goes through. What goes through is one connection for each.

use strict;
use warnings;

use IO::Select;
use IO::Socket::INET;

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


1;
