package Consent::Test::Canary;

# Values that must not get through, and a search for them in everything that
# was received or written.
#
#   my $c = Consent::Test::Canary->new($t, $up, ...);
#   $t->get('/?pnr=' . $c->value('arg'));
#   is_deeply([$c->leaks], [], 'nothing got through');
#
# leaks() looks into every byte that the upstreams received and into every
# file of the test's directory (nginx's logs, the store, temporary files), and
# into texts that it is given; each as it is and with percent escapes, JSON
# escapes, HTML references, base64, base64url and hex undone, in any case of
# letters. It returns lines that say which value was found where. clear()
# forgets what was received and logged, not the values.

use strict;
use warnings;

use File::Find ();
use MIME::Base64 ();

use constant LARGEST => 64 * 1024 * 1024;


sub new {
    my ($class, $t, @upstreams) = @_;

    return bless { t => $t, upstreams => \@upstreams, values => {} }, $class;
}


# A value of its own for each name: letters and digits only.
sub value {
    my ($self, $name) = @_;

    (my $word = $name) =~ s/[^A-Za-z0-9]//g;

    return $self->{values}{$name} //= 'Kanarie' . keys(%{$self->{values}}) . "x${word}q7f31z";
}


sub clear {
    my ($self) = @_;

    $_->clear for @{$self->{upstreams}};

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

    File::Find::find({ no_chdir => 1, wanted => sub {
        return if !-f || /upstream\.\d+|\/html\/|\.conf$/ || -s _ > LARGEST;
        open my $f, '<:raw', $_ or return;
        local $/;
        push @places, [substr($_, 1 + length $self->{t}->dir), <$f> // ''];
    } }, $self->{t}->dir);

    my %found;

    for (@places) {
        my ($where, $bytes) = @$_;
        $found{"$where: $_"} = 1 for $self->found($bytes);
    }

    return sort keys %found;
}


# Names of the values that stand in some reading of these bytes.
sub found {
    my ($self, $bytes) = @_;

    my $readings = lc join "\n", readings($bytes);

    return grep { index($readings, lc $self->{values}{$_}) >= 0 } sort keys %{$self->{values}};
}


# What was received, with the parameters of the CGI family, whose bytes may be
# cut by the records they came in.
sub bytes_of {
    my ($request) = @_;

    my $params = $request->params // {};

    return join "\n", $request->raw, $request->body // '', map { "$_=$params->{$_}" } sort keys %$params;
}


sub readings {
    my ($bytes) = @_;

    utf8::encode($bytes) if utf8::is_utf8($bytes);

    my @readings = ($bytes);

    for (1 .. 3) {
        (my $less = $readings[-1]) =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
        last if $less eq $readings[-1];
        push @readings, $less;
    }

    for my $text (@readings[0 .. $#readings]) {
        my $plain = $text;
        my $n = $plain =~ s/(?:\\u|%u)00([0-9A-Fa-f]{2})/chr hex $1/ge;
        $n += $plain =~ s/&#(\d{1,3});/chr($1 & 255)/ge;
        $n += $plain =~ s/&#x([0-9A-Fa-f]{1,2});/chr hex $1/ge;
        push @readings, $plain if $n;

        while ($text =~ m{([A-Za-z0-9+/_-]{16,})}g) {
            my $coded = $1 =~ tr{_-}{/+}r;

            for my $skip (0 .. 3) {
                push @readings, MIME::Base64::decode_base64(substr $coded, $skip);
            }
        }

        push @readings, map { pack 'H*', substr $_, 0, length() & ~1 } $text =~ /([0-9A-Fa-f]{20,})/g;
    }

    return @readings;
}


1;
