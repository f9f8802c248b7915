package Consent::Test::Log;

# A reader of the published log that shares nothing with the module: it fetches the checkpoint, verifies its signature with
# openssl, fetches every bundle and tile there must be, and computes the root from the entries.
#
#   my $log = Consent::Test::Log->new($t, base => '/log/', key => $t->path('keys/log.pub'));
#   my $c = $log->checkpoint;           # { origin, size, root, text, note }, or dies
#   my @entries = $log->entries($c);    # JSON texts; dies where anything does not fit
#   $log->has($c, sub { ... });         # the entries that it is true for, decoded
#   Consent::Test::Log->new($t, number => 1);   # the log that began when the first one ended
#   $t->write('fetch-log', Consent::Test::Log::script());   # with which the auditors' guide fetches a log

use strict;
use warnings;

use Digest::SHA qw(sha256);
use JSON::PP ();
use MIME::Base64 qw(decode_base64 encode_base64);


sub new {
    my ($class, $t, %o) = @_;

    return bless { t => $t, base => '/log/', key => $t->path('keys/log.pub'), port => 0, %o }, $class;
}


sub script {
    open my $f, '<:raw', 'docs/audit.md' or die "docs/audit.md: $!\n";
    my ($script) = do { local $/; <$f> } =~ /^```sh\n(#!.*?)^```$/ms;

    return $script;
}


sub get {
    my ($self, $path, %o) = @_;

    return $self->{t}->get($self->{base} . $path, port => $self->{port}, %o);
}


sub fetch {
    my ($self, $path) = @_;

    my $r = $self->get($path);
    die "$path: " . $r->status . "\n" if $r->status != 200;

    return $r->body;
}


sub checkpoint {
    my ($self, $path) = @_;

    return $self->read_checkpoint($self->fetch($path // 'checkpoint'));
}


sub read_checkpoint {
    my ($self, $note) = @_;

    my ($text, $lines) = $note =~ /\A(.+\n)\n((?:\xe2\x80\x94 \S+ \S+\n)+)\z/s or die "no note: $note\n";
    my ($origin, $size, $root) = $text =~ /\A([^\n]+)\n(0|[1-9]\d*)\n([A-Za-z0-9+\/]{43}=)\n\z/
        or die "no checkpoint: $text\n";

    my ($name, $id, $key) = $self->key;
    my @ours = grep { $_->[0] eq $name } map { /^\xe2\x80\x94 (\S+) (\S+)$/ ? [$1, decode_base64($2)] : () } split /\n/, $lines;

    die "not signed by $name\n" if @ours != 1 || unpack('H8', $ours[0][1]) ne $id;
    die "origin $origin\n" if $origin ne $name;
    $self->verify($text, substr($ours[0][1], 4), $key);

    return { origin => $origin, size => $size, root => decode_base64($root), text => $text, note => $note };
}


sub key {
    my ($self) = @_;

    open my $f, '<', $self->{key} or die "$self->{key}: $!\n";
    my ($name, $id, $key) = <$f> =~ /^([^+]+)\+([0-9a-f]{8})\+(\S+)$/ or die "no key\n";
    $key = decode_base64($key);

    # a later log of the same key has a name of its own

    if ($self->{number}) {
        $name .= "/$self->{number}";
        $id = unpack 'H8', sha256("$name\n$key");
    }

    return ($name, $id, substr($key, 1));
}


# Ed25519 over the text, by openssl.
sub verify {
    my ($self, $text, $signature, $key) = @_;

    my $t = $self->{t};

    $t->write('verify/text', $text);
    $t->write('verify/signature', $signature);
    $t->write('verify/key.pem', "-----BEGIN PUBLIC KEY-----\n"
        . encode_base64(pack('H*', '302a300506032b6570032100') . $key) . "-----END PUBLIC KEY-----\n");

    my ($status, $said) = $t->command('openssl', 'pkeyutl', '-verify', '-pubin', '-rawin', '-inkey',
        $t->path('verify/key.pem'), '-in', $t->path('verify/text'), '-sigfile', $t->path('verify/signature'));

    die "the signature does not hold: $said\n" if $status;
}


sub number {
    my ($n) = @_;

    my $path = sprintf '%03d', $n % 1000;
    $path = sprintf('x%03d/%s', $n % 1000, $path) while $n = int($n / 1000);

    return $path;
}


sub tile_path {
    my ($level, $n, $width) = @_;

    return "tile/$level/" . number($n) . ($width < 256 ? ".p/$width" : '');
}


sub entries {
    my ($self, $c) = @_;

    my @entries;

    for (my $i = 0; $i < $c->{size}; $i += 256) {
        my $width = $c->{size} - $i < 256 ? $c->{size} - $i : 256;
        my $bundle = $self->fetch(tile_path('entries', $i / 256, $width));

        push @entries, unpack "(n/a)$width", $bundle;
        my $len = 0;
        $len += 2 + length for @entries[$i .. $#entries];
        die "bundle $i is not of $width entries\n" if @entries != $i + $width || $len != length $bundle;
    }

    my @hashes = map { sha256("\0$_") } @entries;
    my $root = root(@hashes);
    die "the root is another one\n" if $root ne $c->{root};

    for (my $level = 0; @hashes; $level++) {
        my @above;

        for (my $i = 0; $i < @hashes; $i += 256) {
            my $end = $i + 255 < $#hashes ? $i + 255 : $#hashes;
            my $tile = join '', @hashes[$i .. $end];

            die "tile $level/$i\n" if $self->fetch(tile_path($level, $i / 256, $end - $i + 1)) ne $tile;
            push @above, root(@hashes[$i .. $end]) if $end - $i == 255;
        }

        @hashes = @above;
    }

    return @entries;
}


sub has {
    my ($self, $c, $sub) = @_;

    return grep { $sub->($_) } map { JSON::PP->new->utf8->decode($_) } $self->entries($c);
}


# RFC 6962, as it stands there.
sub root {
    my @d = @_;

    die "no leaf\n" if !@d;
    return $d[0] if @d == 1;

    my $k = 1;
    $k *= 2 while $k * 2 < @d;

    return sha256("\1" . root(@d[0 .. $k - 1]) . root(@d[$k .. $#d]));
}


1;
