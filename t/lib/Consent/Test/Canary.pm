package Consent::Test::Canary;

# Values that must not get through, and a search for them in everything that
# was received or written.
#
#   my $c = Consent::Test::Canary->new($t, $up, ...);
#   $t->get('/?pnr=' . $c->value('arg'));
#   is_deeply([$c->leaks], [], 'nothing got through');
#
# A value that is found by what it is, and not by a name it stands under, is
# made known: $c->known('a number', '19811228-9874').
#
# leaks() looks into every byte that the upstreams received and into every
# file of the test's directory (nginx's logs, the store, temporary files), and
# into texts that it is given; each as it is and with whatever it may be
# written in undone, up to three of them in each other: see readings(). It
# returns lines that say which value was found where. clear() forgets what was
# received and logged, not the values.

use strict;
use warnings;

use Compress::Zlib ();
use File::Find ();
use MIME::Base64 ();

use constant { LARGEST => 64 * 1024 * 1024, DEPTH => 3, READINGS => 60 };


sub new {
    my ($class, $t, @upstreams) = @_;

    return bless { t => $t, upstreams => \@upstreams, values => {}, searched => {} }, $class;
}


# A value of its own for each name: letters and digits only.
sub value {
    my ($self, $name) = @_;

    (my $word = $name) =~ s/[^A-Za-z0-9]//g;

    return $self->{values}{$name} // $self->known($name, 'Kanarie' . keys(%{$self->{values}}) . "x${word}q7f31z");
}


# Makes a value known that the test has made up; returns it.
sub known {
    my ($self, $name, $value) = @_;

    my $bare = bare($value);
    $bare =~ s/^(?:19|20)(?=\d{10}$)//;

    $self->{values}{$name} = $value;
    $self->{names}{$_} //= $name for lc $value, $bare;
    delete $self->{any};

    return $value;
}


sub clear {
    my ($self) = @_;

    $_->clear for @{$self->{upstreams}};
    $self->{t}->settle;

    for my $log (grep { -f } map { $self->{t}->path($_) } 'access.log', 'error.log') {
        truncate $log, 0;
    }
}


sub leaks {
    my ($self, @texts) = @_;

    my @places = map { ['a text given', "$_"] } @texts;

    for my $up (@{$self->{upstreams}}) {
        push @places, map { ['upstream ' . $up->port, bytes_of($_)] } $up->requests;
    }

    my %leaks = map { ($_, 1) } (map { my ($where, $bytes) = @$_; map { "$where: $_" } $self->found($bytes) } @places),
        $self->written;

    return names(\%leaks);
}


# What is found in the files of the test's directory alone.
sub written {
    my ($self) = @_;

    my %found;

    $self->{t}->settle;

    File::Find::find({ no_chdir => 1, wanted => sub {
        return if !-f || /upstream\.\d+|\/html\/|\.conf$/ || -s _ > LARGEST;
        open my $f, '<:raw', $_ or return;
        local $/;
        my $where = substr $_, 1 + length $self->{t}->dir;
        $found{"$where: $_"} = 1 for $self->found(<$f> // '');
    } }, $self->{t}->dir);

    return names(\%found);
}


# Names of the values that stand in some reading of these bytes.
sub found {
    my ($self, $bytes) = @_;

    $self->{any} //= do {
        my $all = join '|', map { quotemeta } sort keys %{$self->{names}};
        qr/($all)/;
    };

    my %found;

    for my $text (map { ($_, bare($_)) } readings($bytes)) {
        $text = lc $text;
        $found{$self->{names}{$1}} = 1 while $text =~ /$self->{any}/g;
    }

    return names(\%found);
}


# How many they are where one value is asked for.
sub names {
    my ($found) = @_;

    my @names = sort keys %$found;

    return @names;
}


# What was received, with the parameters of the CGI family, whose bytes may be
# cut by the records they came in.
sub bytes_of {
    my ($request) = @_;

    my $params = $request->params // {};

    return join "\n", $request->raw, $request->body // '', map { "$_=$params->{$_}" } sort keys %$params;
}


# The bytes, and what they are with percent escapes (also %u), JSON's escapes, HTML's references, quoted-printable,
# base64, base64url, hex, gzip, deflate, and the zeros of UTF-16 and UTF-32 undone, and with these undone in turn.
sub readings {
    my ($bytes) = @_;

    utf8::encode($bytes) if utf8::is_utf8($bytes);

    # what a test has filled up with says nothing
    $bytes =~ s/(.{1,3}?)\1{99,999}/$1$1/gs;

    my %seen = ($bytes => 1);
    my @readings = ($bytes);
    my ($from, $n) = (0, 1);

    for (1 .. DEPTH) {
        for my $text (@readings[$from .. $n - 1]) {
            push @readings, grep { length && !$seen{$_}++ } undone($text);
            return @readings if @readings > READINGS;
        }

        ($from, $n) = ($n, scalar @readings);
    }

    return @readings;
}


sub undone {
    my ($text) = @_;

    my @less;
    my $plain = $text;

    my $n = $plain =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
    $n += $plain =~ s/%u([0-9A-Fa-f]{4})/character(hex $1)/ge;
    push @less, $plain if $n;

    $plain = $text;
    $n = $plain =~ s/\\(?:u([0-9A-Fa-f]{4})|(["\\\/]))/defined $1 ? character(hex $1) : $2/ge;
    push @less, $plain if $n;

    $plain = $text;
    $n = $plain =~ s/&#0*(\d{1,7});?/character($1)/ge;
    $n += $plain =~ s/&#[xX]0*([0-9A-Fa-f]{1,6});?/character(hex $1)/ge;
    push @less, $plain if $n;

    if ($text =~ /=(?:[0-9A-F]{2}|\r?\n)/) {
        ($plain = $text) =~ s/=\r?\n//g;
        $plain =~ s/=([0-9A-Fa-f]{2})/chr hex $1/ge;
        push @less, $plain;
    }

    if ($text =~ /\0/) {
        push @less, $text =~ tr/\0//dr;
    }

    while ($text =~ /\x1f\x8b\x08/g) {
        my $zipped = substr $text, $-[0];
        push @less, grep { defined } Compress::Zlib::memGunzip($zipped);
    }

    while ($text =~ /\x78[\x01\x5e\x9c\xda]/g) {
        push @less, grep { defined } Compress::Zlib::uncompress(substr $text, $-[0]);
    }

    my (@decoded, @hex);

    # lines of base64 are one text
    my $joined = $text =~ s{([A-Za-z0-9+/]{20,})\r?\n(?=[A-Za-z0-9+/])}{$1}gr;

    while ($joined =~ m{([A-Za-z0-9+/_-]{14,})}g) {
        my $coded = $1;
        next if $coded =~ /^(.)\1*$/;
        $coded =~ tr{_-}{/+};
        $decoded[$_] .= "\n" . MIME::Base64::decode_base64(substr $coded, $_) for 0 .. 3;
    }

    push @hex, map { pack 'H*', substr $_, 0, length() & ~1 } $1, substr $1, 1 while $text =~ /([0-9A-Fa-f]{20,})/g;

    return @less, @decoded, @hex ? join "\n", @hex : ();
}


sub character {
    my ($code) = @_;

    return '' if $code > 0x10ffff || $code >= 0xd800 && $code <= 0xdfff;

    my $c = chr $code;
    utf8::encode($c);

    return $c;
}


# Without what people write between digits, and with digits of full width as the others.
sub bare {
    my ($text) = @_;

    $text =~ s/\xef\xbc([\x90-\x99])/chr(ord($1) - 0x60)/ge;
    $text =~ s/[-+ .\/()]|\xc2[\xa0\xad]|\xe2\x80[\x80-\x95\xa6-\xaf]|\xe2\x81\xa0|\xe2\x88\x92|\xef\xbb\xbf|\xef\xbc[\x8b\x8d]|\xe3\x80\x80//g;

    return lc $text;
}


1;
