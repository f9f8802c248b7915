package Consent::Test::Response;

# A response as a test sees it. As a string it is its exact bytes, so that
# like($r, qr/.../) looks at all of it.
#
#   $r->status  $r->reason  $r->version
#   $r->header('Link')      the field's first line, or undef; in list context
#                           all its lines
#   $r->names               names of all fields as they were written, in order
#   $r->body                without chunking (but with its content coding)
#   $r->text                body, inflated if gzip, decoded as UTF-8
#   $r->json                body as data
#   $r->head                status line and fields, exact
#   $r->raw                 all bytes
#   $r->chunks              sizes of the chunks it came in
#   $r->complete            false if the connection ended inside it
#   $r->cookie('name')      the value that Set-Cookie gives, or undef

use strict;
use warnings;

use overload '""' => sub { $_[0]{raw} }, 'bool' => sub { 1 }, fallback => 1;

use JSON::PP ();


# Reads one response from a Consent::Test::Client.
sub read {
    my ($class, $client, $method) = @_;

    my $self = bless { raw => '', body => '', chunks => [], complete => 0,
        fields => [] }, $class;

    my $in = \$client->{in};

    my $end;

    while (($end = index $$in, "\r\n\r\n") < 0) {
        unless ($client->fill) {
            $self->{raw} = substr($$in, 0, length $$in, '');
            return $self;
        }
    }

    $self->{head} = $self->take($in, $end + 4);
    $self->parse_head;

    my $status = $self->{status} // 0;
    my ($te, $length) = map { scalar $self->header($_) }
        'Transfer-Encoding', 'Content-Length';

    if ($method eq 'HEAD' || $status =~ /^(1..|204|304)$/) {
        $self->{complete} = 1;

    } elsif (defined $te && $te =~ /chunked/i) {
        $self->read_chunks($client);

    } elsif (defined $length) {
        1 while length $$in < $length && $client->fill;
        $self->{complete} = length $$in >= $length;
        $self->{body} = $self->take($in,
            $self->{complete} ? $length : length $$in);

    } else {
        1 while $client->fill;
        $self->{body} = $self->take($in, length $$in);
        $self->{complete} = 1;
    }

    return $self;
}


# A response of HTTP/2, from its fields and body.
sub from_fields {
    my ($class, $fields, $body, $complete) = @_;

    my $self = bless { body => $body, chunks => [], complete => $complete,
        version => '2', reason => '' }, $class;

    ($self->{status}) = map { $_->[1] } grep { $_->[0] eq ':status' } @$fields;
    $self->{fields} = [grep { $_->[0] !~ /^:/ } @$fields];
    $self->{head} = join '', (map { "$_->[0]: $_->[1]\r\n" } @$fields), "\r\n";
    $self->{raw} = $self->{head} . $body;

    return $self;
}


sub take {
    my ($self, $in, $n) = @_;

    my $bytes = substr($$in, 0, $n, '');
    $self->{raw} .= $bytes;

    return $bytes;
}


sub parse_head {
    my ($self) = @_;

    my ($line, @lines) = split /\r\n/, $self->{head};

    @$self{qw(version status reason)} = ($1, $2, $3)
        if $line =~ m{^HTTP/(\d\.\d) (\d{3}) ?(.*)$};
    $self->{fields} = [map { [split /:[ \t]*/, $_, 2] } @lines];
}


sub read_chunks {
    my ($self, $client) = @_;

    my $in = \$client->{in};

    while (1) {
        my $line;

        while (($line = index $$in, "\r\n") < 0) {
            return $self->take($in, length $$in) unless $client->fill;
        }

        my ($digits) = $$in =~ /^([0-9a-f]+)/i
            or return $self->take($in, length $$in);
        my $size = hex $digits;
        my $need = $line + 2 + $size + 2;

        while (length $$in < $need) {
            last unless $client->fill;
        }

        if (length $$in < $need) {
            $self->{body} .= substr($self->take($in, length $$in),
                $need - $size - 2);
            return;
        }

        my $chunk = $self->take($in, $need);

        if ($size == 0) {
            $self->{complete} = 1;
            return;
        }

        push @{$self->{chunks}}, $size;
        $self->{body} .= substr($chunk, -$size - 2, $size);
    }
}


sub header {
    my ($self, $name) = @_;

    my @values = map { $_->[1] } grep { lc $_->[0] eq lc $name }
        @{$self->{fields}};

    return wantarray ? @values : $values[0];
}


sub cookie {
    my ($self, $name) = @_;

    for ($self->header('Set-Cookie')) {
        return $1 if /^\Q$name\E=([^;]*)/;
    }

    return;
}


sub text {
    my ($self) = @_;

    my $text = $self->{body};

    if (($self->header('Content-Encoding') // '') =~ /gzip/) {
        require Compress::Zlib;
        $text = Compress::Zlib::memGunzip($text);
    }

    utf8::decode($text);

    return $text;
}


sub json {
    my ($self) = @_;

    my $data = eval { JSON::PP->new->utf8->decode($self->{body}) };
    die "no JSON: $self->{raw}\n" if $@;

    return $data;
}


sub names    { return map { $_->[0] } @{$_[0]{fields}} }
sub chunks   { return @{$_[0]{chunks}} }
sub status   { return $_[0]{status} }
sub reason   { return $_[0]{reason} }
sub version  { return $_[0]{version} }
sub body     { return $_[0]{body} }
sub head     { return $_[0]{head} }
sub raw      { return $_[0]{raw} }
sub complete { return $_[0]{complete} }

1;
