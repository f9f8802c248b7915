package Consent::Test::Login;

# Tokens as an identity provider makes them: JWTs signed with HS256.
#
#   my $login = Consent::Test::Login->new($t);      # writes idp.key
#   ... consent_identity cookie=idp key=%%DIR%%/idp.key alg=HS256 issuer=idp ...
#   my $anna = $login->citizen(sub => 'anna');      # a browser with her token
#   $login->token(sub => 'anna', minor => \1)       # the token alone
#   $login->form($anna, '/apply', pnr => '...')     # a form her browser sends
#   $login->answer($anna, $page, 'once')            # and her answer to the question about it

use strict;
use warnings;

use Consent::Test::Citizen;
use Digest::SHA qw(hmac_sha256);
use JSON::PP;
use MIME::Base64 qw(encode_base64url);


sub new {
    my ($class, $t) = @_;

    $t->write('idp.key', 'k' x 32 . "\n");
    chmod 0600, $t->path('idp.key');

    return bless { t => $t }, $class;
}


sub token {
    my ($self, %claims) = @_;

    my $json = JSON::PP->new->utf8->canonical;
    my $text = join '.', map { encode_base64url($json->encode($_)) } { alg => 'HS256', typ => 'JWT' },
        { iss => 'idp', exp => time + 600, %claims };

    return $text . '.' . encode_base64url(hmac_sha256($text, 'k' x 32));
}


sub citizen {
    my ($self, %claims) = @_;

    my $c = Consent::Test::Citizen->new($self->{t});
    $c->{jar}{idp} = $self->token(%claims);

    return $c;
}


sub form {
    my ($self, $c, $uri, %fields) = @_;

    return $c->request('POST', $uri, form => [map { $_ => $fields{$_} } sort keys %fields], headers => _browser($c));
}


sub answer {
    my ($self, $c, $page, $button) = @_;

    my ($action) = $page->text =~ /<form method="post" id="ask"[^>]* action="([^"]*)"/ or die 'no question';
    my @pairs = map { [/name="([^"]*)" value="([^"]*)"/] } $page->text =~ /<input type="hidden"[^>]*>/g;

    return $c->request('POST', $action =~ s/&amp;/&/gr, form => [map({ @$_ } @pairs), consent => $button],
        headers => _browser($c));
}


sub _browser {
    my ($c) = @_;

    return ['Accept', 'text/html', 'Origin', $c->origin, 'Sec-Fetch-Mode', 'navigate', 'Sec-Fetch-Site', 'same-origin'];
}


1;
